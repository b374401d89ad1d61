package carillon.perform;

import carillon.action.TaskCall;
import carillon.json.Json;
import carillon.json.PortionJson;
import carillon.run.FamilyStore.Child;
import carillon.run.Lease;
import carillon.run.LeaseStore.NewRun;
import carillon.run.Occasion;
import carillon.run.Outcome;
import carillon.run.Output;
import carillon.run.Run;
import carillon.run.RunState;
import carillon.run.Trigger;
import carillon.task.RetryOn;
import carillon.task.TaskId;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// One attempt at seeing to the run of a task that a step calls. An attempt that begins anew goes
/// on with the run that there is; only one that follows a failure begins another.
final class TaskCallRun {
    /// How deep workflows can call each other: enough for people, and an end to what goes in
    /// circles.
    static final int MAX_DEPTH = 8;

    private final TaskCall call;
    private final Lease lease;
    private final Family family;
    private final Conducting.Stores stores;
    private final InstantSource time;

    TaskCallRun(
            TaskCall call,
            Lease lease,
            Family family,
            Conducting.Stores stores,
            InstantSource time) {
        this.call = call;
        this.lease = lease;
        this.family = family;
        this.stores = stores;
        this.time = time;
    }

    Outcome conduct() throws InterruptedException {
        var before = family.all();
        if (isToBegin(before)) {
            var refusal = begin();
            if (refusal.isPresent()) {
                return BatchOutcomes.failed(refusal.get());
            }
            before = family.all();
        }
        var child = before.getLast();
        while (family.open() > 0) {
            if (family.isStopping()) {
                return BatchOutcomes.later("goes on when the server does", now(), List.of());
            }
            for (var ended : family.awaitEnds()) {
                child = ended;
            }
        }
        return outcome(child);
    }

    /// A failure that has been told already, as that of an attempt, is followed by another run.
    private boolean isToBegin(List<Child> before) {
        if (before.isEmpty()) {
            return true;
        }
        var last = before.getLast().state();
        long told =
                stores.runs().attempts(lease.run().id()).stream()
                        .filter(attempt -> attempt.state() == RunState.FAILED)
                        .count();
        return last.isFinal() && last != RunState.SUCCEEDED && told >= before.size();
    }

    /// Returns why no run can be begun.
    private Optional<String> begin() throws InterruptedException {
        var task = stores.tasks().find(new TaskId(call.task()));
        if (task.isEmpty()) {
            return Optional.of("there is no task " + call.task() + " (any more)");
        }
        if (depth() >= MAX_DEPTH) {
            return Optional.of("tasks call each other more than " + MAX_DEPTH + " deep");
        }
        var occasion =
                new Occasion(
                        Trigger.CALL,
                        Optional.empty(),
                        now(),
                        task.get().definition().policies().priority(),
                        Optional.of(lease.run().id()));
        var run =
                new NewRun(
                        stores.leases().newId(),
                        task.get().id(),
                        task.get().version(),
                        occasion,
                        input());
        family.begin(List.of(run), List.of());
        return Optional.empty();
    }

    /// What the step is given or, if that is nothing, what its workflow was given.
    private Optional<String> input() {
        var given = stores.runs().input(lease.run().id()).map(Json::readObject);
        var own = given.map(all -> all.path("inputs")).filter(inputs -> !inputs.isEmpty());
        return own.isPresent() && own.get() instanceof ObjectNode inputs
                ? Optional.of(Json.write(inputs))
                : lease.run()
                        .occasion()
                        .parent()
                        .flatMap(stores.runs()::input)
                        .flatMap(all -> PortionJson.without(Optional.of(all)));
    }

    private int depth() {
        int depth = 0;
        var at = Optional.of(lease.run());
        while (at.isPresent() && depth < MAX_DEPTH) {
            depth += at.get().occasion().trigger() == Trigger.CALL ? 1 : 0;
            at =
                    at.filter(run -> run.occasion().trigger().isSeenTo())
                            .flatMap(run -> run.occasion().parent())
                            .flatMap(stores.runs()::find);
        }
        return depth;
    }

    private Outcome outcome(Child child) {
        var run = stores.runs().find(child.id());
        if (child.state() == RunState.SUCCEEDED) {
            return new Outcome.Succeeded(stores.runs().output(child.id()));
        }
        var reason = run.map(Run::progress).map(progress -> progress.reason()).orElse("it is gone");
        var told = "run " + child.id() + " of task " + call.task() + " " + child.state();
        var kinds = child.state() == RunState.FAILED ? Set.of(RetryOn.OTHER) : Set.<RetryOn>of();
        return new Outcome.Failed(
                told + (reason.isEmpty() ? "" : ": " + reason),
                kinds,
                Output.NONE,
                Optional.empty());
    }

    private Instant now() {
        return time.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
