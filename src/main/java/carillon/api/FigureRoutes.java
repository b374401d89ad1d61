package carillon.api;

import carillon.json.Json;
import carillon.oneshot.EndStore;
import carillon.oneshot.Ends;
import carillon.run.RunState;
import carillon.run.Runs;
import carillon.run.TallyStore;
import carillon.web.Answer;
import carillon.web.Call;
import carillon.web.Permission;
import carillon.web.Route;
import carillon.web.Route.Method;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// `/metrics/…` as JSON: how runs and prompts ended, in steps of time. All of it was counted as it
/// was written; no history is read.
public final class FigureRoutes {
    private static final String METRICS = "/api/v1/metrics";
    private static final Duration MAX_RANGE = Duration.ofDays(366);
    private static final Duration DEFAULT_RANGE = Duration.ofDays(1);
    private static final Duration DEFAULT_STEP = Duration.ofHours(1);
    private static final int MAX_STEPS = 1_500;

    private static final List<RunState> ENDS =
            List.of(
                    RunState.SUCCEEDED,
                    RunState.FAILED,
                    RunState.CANCELLED,
                    RunState.SKIPPED,
                    RunState.MISSED);

    private final TallyStore tallies;
    private final EndStore prompts;
    private final Runs runs;
    private final InstantSource time;

    public FigureRoutes(TallyStore tallies, EndStore prompts, Runs runs, InstantSource time) {
        this.tallies = tallies;
        this.prompts = prompts;
        this.runs = runs;
        this.time = time;
    }

    public List<Route> routes() {
        return List.of(
                new Route(Method.GET, METRICS + "/runs", Permission.VIEW, this::runs),
                new Route(Method.GET, METRICS + "/prompts", Permission.VIEW, this::prompts));
    }

    /// From the beginning of a step on, and before `to`.
    private record Span(Instant from, Instant to, Duration step) {
        ObjectNode view() {
            return Json.object()
                    .put("from", from.toString())
                    .put("to", to.toString())
                    .put("step_minutes", step.toMinutes());
        }
    }

    private Span span(Call call) {
        var step = Parameters.duration(call, "step", MAX_RANGE).orElse(DEFAULT_STEP);
        if (step.isZero() || step.toMillis() % 60_000 != 0) {
            throw Refused.invalid("step", "must be some minutes");
        }
        var to = Parameters.instant(call, "to").orElseGet(() -> time.instant().plusSeconds(60));
        var from = Parameters.instant(call, "from").orElseGet(() -> to.minus(DEFAULT_RANGE));
        if (!from.isBefore(to)) {
            throw Refused.invalid("to", "must be after from");
        }
        if (Duration.between(from, to).dividedBy(step) > MAX_STEPS) {
            throw Refused.invalid("step", "makes more than " + MAX_STEPS + " steps");
        }
        long seconds = step.toSeconds();
        long begins = Math.floorDiv(from.getEpochSecond(), seconds) * seconds;
        return new Span(Instant.ofEpochSecond(begins), to, step);
    }

    private Answer runs(Call call) {
        var span = span(call);
        var view = span.view();
        var total = new EnumMap<RunState, Long>(RunState.class);
        var data = view.putArray("data");
        tallies.between(span.from, span.to, span.step)
                .forEach(
                        (begins, counts) -> {
                            data.add(put(Json.object().put("at", begins.toString()), counts));
                            counts.forEach((state, count) -> total.merge(state, count, Long::sum));
                        });
        view.set("total", put(Json.object(), total));
        view.set("all_time", put(Json.object(), tallies.all()));
        return Answer.ok(view.put("running", runs.running()));
    }

    private static ObjectNode put(ObjectNode view, Map<RunState, Long> counts) {
        for (var state : ENDS) {
            view.put(state.name().toLowerCase(Locale.ROOT), counts.getOrDefault(state, 0L));
        }
        return view;
    }

    private Answer prompts(Call call) {
        var span = span(call);
        var view = span.view();
        var data = view.putArray("data");
        prompts.between(span.from, span.to, span.step)
                .forEach(
                        (begins, ends) ->
                                ends.forEach(
                                        end ->
                                                data.add(
                                                        put(
                                                                Json.object()
                                                                        .put(
                                                                                "at",
                                                                                begins.toString()),
                                                                end))));
        var all = view.putArray("all_time");
        prompts.all().values().forEach(end -> all.add(put(Json.object(), end)));
        return Answer.ok(view);
    }

    private static ObjectNode put(ObjectNode view, Ends end) {
        long number = end.completed() + end.failed();
        view.put("model", end.model()).put("completed", end.completed());
        view.put("failed", end.failed());
        return number == 0
                ? view.putNull("average_ms")
                : view.put("average_ms", end.spent().toMillis() / number);
    }
}
