package carillon.dialect.gptrunner;

import static carillon.web.Permission.VIEW;
import static carillon.web.Route.Method.GET;

import carillon.ai.Spending;
import carillon.json.Json;
import carillon.json.Problems;
import carillon.oneshot.Ends;
import carillon.run.ModelUse;
import carillon.run.RunState;
import carillon.web.Answer;
import carillon.web.Call;
import carillon.web.Route;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Figures, from counters that are kept up to date as runs end; the history is never read.
final class MetricsRoutes {
    private static final Duration THROUGHPUT_WINDOW = Duration.ofHours(1);
    private static final double MILLIS_PER_SECOND = 1_000;

    /// A time that ends now, and the steps in which it is told.
    private enum Period {
        HOUR(Duration.ofHours(1), Duration.ofMinutes(1)),
        DAY(Duration.ofDays(1), Duration.ofHours(1)),
        WEEK(Duration.ofDays(7), Duration.ofHours(6)),
        MONTH(Duration.ofDays(30), Duration.ofDays(1));

        private final Duration length;
        private final Duration step;

        Period(Duration length, Duration step) {
            this.length = length;
            this.step = step;
        }
    }

    private final GptRunnerApi.Parts parts;
    private final Envelope envelope;

    MetricsRoutes(GptRunnerApi.Parts parts, Envelope envelope) {
        this.parts = parts;
        this.envelope = envelope;
    }

    List<Route> routes() {
        var metrics = GptRunnerApi.ROOT + "/metrics";
        return List.of(
                new Route(GET, metrics, VIEW, this::system),
                new Route(GET, metrics + "/tasks", VIEW, this::tasks));
    }

    private static Ends sum(Collection<Ends> ends) {
        return ends.stream().reduce(Ends.none(""), Ends::plus);
    }

    private Answer system(Call call) {
        var all = sum(parts.counts().ends().all().values());
        var open = parts.oneShots().openRuns(GptRunnerApi.NAME);
        long pending = open.getOrDefault(RunState.QUEUED, 0L);
        long running = open.getOrDefault(RunState.RUNNING, 0L);
        var out = Json.object();
        out.putObject("tasks")
                .put("total", all.total() + pending + running)
                .put("completed", all.completed())
                .put("failed", all.failed())
                .put("pending", pending)
                .put("running", running);
        out.putObject("performance")
                .put("averageExecutionTime", average(all))
                .put("successRate", rate(all))
                .put("throughput", throughput());
        var node = parts.node().gauges();
        out.putObject("system")
                .put("cpuUsage", node.cpuUsage().getAsDouble())
                .put("memoryUsage", memoryUsage())
                .put("activeConnections", node.connections().getAsInt());
        return envelope.ok(out);
    }

    /// In seconds; 0 when nothing has ended.
    private static double average(Ends ends) {
        return ends.total() == 0 ? 0 : ends.spent().toMillis() / MILLIS_PER_SECOND / ends.total();
    }

    /// Of 1; 0 when nothing has ended.
    private static double rate(Ends ends) {
        return ends.total() == 0 ? 0 : (double) ends.completed() / ends.total();
    }

    /// Ends a minute, over the last whole hour of minutes and the minute under way.
    private double throughput() {
        var now = parts.time().instant();
        var from = now.minus(THROUGHPUT_WINDOW);
        var steps = parts.counts().ends().between(from, until(now), THROUGHPUT_WINDOW);
        long ended = steps.values().stream().mapToLong(ends -> sum(ends).total()).sum();
        return (double) ended / THROUGHPUT_WINDOW.toMinutes();
    }

    /// The minute under way included.
    private static Instant until(Instant now) {
        return now.truncatedTo(ChronoUnit.MINUTES).plus(Duration.ofMinutes(1));
    }

    private static double memoryUsage() {
        var runtime = Runtime.getRuntime();
        return (double) (runtime.totalMemory() - runtime.freeMemory()) / runtime.maxMemory();
    }

    private Answer tasks(Call call) {
        var problems = new Problems();
        var period = Paging.choice(call, "period", periods(), problems);
        var status = Paging.choice(call, "status", Codec.STATUSES, problems);
        Envelope.refuse(problems.list());
        var wanted = Period.valueOf(period.orElse("day").toUpperCase(Locale.ROOT));
        var now = parts.time().instant();
        var from = now.minus(wanted.length);
        var series = new TreeMap<Instant, Ends>();
        var models = new TreeMap<String, Ends>();
        parts.counts()
                .ends()
                .between(from, until(now), wanted.step)
                .forEach(
                        (begins, ends) ->
                                ends.stream()
                                        .filter(one -> isOf(one, call.query("model")))
                                        .map(one -> only(one, status))
                                        .forEach(
                                                one -> {
                                                    series.merge(begins, one, Ends::plus);
                                                    models.merge(one.model(), one, Ends::plus);
                                                }));
        var out =
                Json.object()
                        .put("period", period.orElse("day"))
                        .put("from", Codec.time(from))
                        .put("to", Codec.time(now));
        var open = parts.oneShots().openRuns(GptRunnerApi.NAME);
        putTotals(sum(models.values()), open, status, out);
        putModels(models, from, now, out);
        var steps = out.putArray("series");
        series.forEach(
                (begins, ends) ->
                        put(ends, steps.addObject().put("timestamp", Codec.time(begins))));
        return envelope.ok(out);
    }

    private static List<String> periods() {
        return List.of("hour", "day", "week", "month");
    }

    private static boolean isOf(Ends ends, Optional<String> model) {
        return model.isEmpty() || model.get().equals(ends.model());
    }

    private static Ends only(Ends ends, Optional<String> status) {
        long completed = shows(status, "completed") ? ends.completed() : 0;
        long failed = shows(status, "failed") ? ends.failed() : 0;
        return new Ends(ends.model(), completed, failed, ends.spent());
    }

    private static boolean shows(Optional<String> status, String one) {
        return status.isEmpty() || status.get().equals(one);
    }

    private static void putTotals(
            Ends ended, Map<RunState, Long> open, Optional<String> status, ObjectNode out) {
        long pending = shows(status, Codec.PENDING) ? open.getOrDefault(RunState.QUEUED, 0L) : 0;
        long running = shows(status, Codec.RUNNING) ? open.getOrDefault(RunState.RUNNING, 0L) : 0;
        out.put("total", ended.total() + pending + running)
                .put("averageExecutionTime", average(ended))
                .put("successRate", rate(ended));
        out.putObject("byStatus")
                .put("pending", pending)
                .put("running", running)
                .put("completed", ended.completed())
                .put("failed", ended.failed());
    }

    /// Tokens and cost are counted by the day in UTC: they are those of the days that the period
    /// touches.
    private void putModels(Map<String, Ends> models, Instant from, Instant to, ObjectNode out) {
        var view = out.putObject("byModel");
        var firstDay = LocalDate.ofInstant(from, ZoneOffset.UTC);
        var lastDay = LocalDate.ofInstant(to, ZoneOffset.UTC);
        models.forEach(
                (name, ends) -> {
                    var one = put(ends, view.putObject(name));
                    var spending =
                            parts
                                    .counts()
                                    .responses()
                                    .usage(name, firstDay, lastDay)
                                    .values()
                                    .stream()
                                    .map(ModelUse::spending)
                                    .reduce(Spending.NONE, Spending::plus);
                    TaskView.putUsage(spending, one);
                });
    }

    private static ObjectNode put(Ends ends, ObjectNode out) {
        return out.put("total", ends.total())
                .put("completed", ends.completed())
                .put("failed", ends.failed())
                .put("averageExecutionTime", average(ends));
    }
}
