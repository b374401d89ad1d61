package carillon.perform;

import carillon.action.Action;
import carillon.action.HttpAuth;
import carillon.action.HttpCall;
import carillon.cluster.Holder;
import carillon.run.Lease;
import carillon.run.Occasion;
import carillon.run.Progress;
import carillon.run.Run;
import carillon.run.RunId;
import carillon.run.RunState;
import carillon.run.Trigger;
import carillon.task.Policies;
import carillon.task.TaskDefinition;
import carillon.task.TaskId;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Makes leases for attempts of run 42 of task 7, and calls for them to make.
public final class Leases {
    static final Instant FIRE_TIME = Instant.parse("2026-03-01T12:00:00Z");

    private Leases() {}

    public static Lease of(Action action, int attempt, Duration timeout, String origin) {
        var standard = Policies.DEFAULT;
        var policies =
                new Policies(
                        standard.retry(),
                        timeout,
                        standard.concurrency(),
                        standard.misfire(),
                        standard.delivery(),
                        standard.jitter(),
                        standard.priority());
        var definition =
                new TaskDefinition("a task", "", Optional.empty(), action, policies, Map.of());
        var occasion =
                new Occasion(
                        Trigger.SCHEDULE, Optional.of(FIRE_TIME), FIRE_TIME, 5, Optional.empty());
        var holder = new Holder("node", 1);
        var progress = Progress.fresh(RunState.RUNNING, attempt, 3, Optional.of(holder));
        var run = new Run(new RunId(42), new TaskId(7), 1, occasion, progress, 1, Optional.empty());
        return new Lease(run, definition, origin, holder);
    }

    static HttpCall get(URI url) {
        return new HttpCall(
                url,
                "GET",
                Map.of(),
                Optional.empty(),
                Optional.empty(),
                Set.of(),
                Optional.empty());
    }

    static HttpCall post(URI url, String body, Map<String, String> headers) {
        return new HttpCall(
                url,
                "POST",
                headers,
                Optional.of(body),
                Optional.empty(),
                Set.of(),
                Optional.empty());
    }

    static HttpCall with(HttpCall call, HttpAuth auth) {
        return new HttpCall(
                call.url(),
                call.method(),
                call.headers(),
                call.body(),
                Optional.of(auth),
                call.successCodes(),
                call.secret());
    }

    static HttpCall succeedingOn(HttpCall call, Set<Integer> codes) {
        return new HttpCall(
                call.url(),
                call.method(),
                call.headers(),
                call.body(),
                call.auth(),
                codes,
                call.secret());
    }

    static HttpCall signed(HttpCall call, String secret) {
        return new HttpCall(
                call.url(),
                call.method(),
                call.headers(),
                call.body(),
                call.auth(),
                call.successCodes(),
                Optional.of(secret));
    }
}
