package carillon.dialect.crewai;

import carillon.json.Json;
import carillon.run.ListedRuns.Ended;
import carillon.run.RunState;
import carillon.task.TaskId;
import carillon.web.Answer;
import carillon.web.Call;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/// `/executions/stats`: from what is counted as executions end, by days in UTC.
final class Statistics {
    private static final int DEFAULT_DAYS = 30;
    private static final int MAX_DAYS = 365;
    private static final int TOP = 10;
    private static final double MILLIS = 1_000;

    private final CrewAiApi.Parts parts;

    Statistics(CrewAiApi.Parts parts) {
        this.parts = parts;
    }

    Answer answer(Call call) {
        int days = Paging.number(call, "days").orElse(DEFAULT_DAYS);
        if (days < 1 || days > MAX_DAYS) {
            throw Failures.badQuery("days", "must be an integer from 1 to " + MAX_DAYS);
        }
        var task = Paging.id(call, "workflow_id").map(TaskId::new);
        var today = LocalDate.ofInstant(parts.time().instant(), ZoneOffset.UTC);
        var from = today.minusDays(days - 1L);
        var records = parts.records().runs();
        var ended = records.ended(CrewAiApi.NAME, task, from);
        long running = records.open(CrewAiApi.NAME, task);
        long good = sum(ended, state -> state == RunState.SUCCEEDED);
        long bad = sum(ended, state -> state == RunState.FAILED);
        long all = sum(ended, _ -> true);
        var out = Json.object().put("total_executions", all + running);
        out.put("successful_executions", good).put("failed_executions", bad);
        out.put("running_executions", running);
        out.put("success_rate", all == 0 ? BigDecimal.ZERO : percent(good, all));
        long millis = ended.stream().mapToLong(Ended::millis).sum();
        out.put("average_execution_time", all == 0 ? 0 : millis / MILLIS / all);
        out.put("total_tokens_used", records.tokens(CrewAiApi.NAME, task, from));
        var byDay = out.putArray("executions_by_day");
        var dates = new TreeMap<LocalDate, List<Ended>>();
        ended.forEach(one -> dates.computeIfAbsent(one.day(), _ -> new ArrayList<>()).add(one));
        dates.forEach(
                (day, ones) -> byDay.addObject().put("date", day.toString()).setAll(counts(ones)));
        var top = out.putArray("top_workflows");
        byWorkflow(ended)
                .forEach(
                        entry ->
                                top.addObject()
                                        .put("workflow_id", entry.getKey().value())
                                        .setAll(counts(entry.getValue())));
        var faults = out.putArray("error_breakdown");
        records.faults(CrewAiApi.NAME, task, from, TOP)
                .forEach(
                        fault ->
                                faults.addObject()
                                        .put("error", fault.reason())
                                        .put("count", fault.runs()));
        return Answer.ok(out);
    }

    private static BigDecimal percent(long part, long all) {
        return BigDecimal.valueOf(100L * part)
                .divide(BigDecimal.valueOf(all), 2, RoundingMode.HALF_UP);
    }

    private static long sum(Collection<Ended> ended, Predicate<RunState> wanted) {
        return ended.stream().filter(one -> wanted.test(one.state())).mapToLong(Ended::runs).sum();
    }

    private static ObjectNode counts(List<Ended> ended) {
        return Json.object()
                .put("count", sum(ended, _ -> true))
                .put("successful", sum(ended, state -> state == RunState.SUCCEEDED))
                .put("failed", sum(ended, state -> state == RunState.FAILED));
    }

    private static List<Map.Entry<TaskId, List<Ended>>> byWorkflow(List<Ended> ended) {
        var all = new HashMap<TaskId, List<Ended>>();
        ended.forEach(one -> all.computeIfAbsent(one.task(), _ -> new ArrayList<>()).add(one));
        return all.entrySet().stream()
                .sorted(
                        Comparator.comparingLong(
                                        (Map.Entry<TaskId, List<Ended>> entry) ->
                                                sum(entry.getValue(), _ -> true))
                                .reversed()
                                .thenComparingLong(entry -> entry.getKey().value()))
                .limit(TOP)
                .toList();
    }
}
