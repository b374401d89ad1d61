package carillon.store;

import carillon.action.Nothing;
import carillon.cluster.Holder;
import carillon.json.TaskJson;
import carillon.run.Completion;
import carillon.run.Lease;
import carillon.run.LeaseStore.NewRun;
import carillon.run.Occasion;
import carillon.run.Outcome;
import carillon.run.Output;
import carillon.run.Plan;
import carillon.run.RunState;
import carillon.run.Trigger;
import carillon.schedule.Every;
import carillon.schedule.Timetable;
import carillon.task.ConcurrencyPolicy;
import carillon.task.Delivery;
import carillon.task.MisfirePolicy;
import carillon.task.Policies;
import carillon.task.RetryOn;
import carillon.task.RetryPolicy;
import carillon.task.Task;
import carillon.task.TaskCodec;
import carillon.task.TaskDefinition;
import carillon.task.TaskLists;
import carillon.task.TaskVersion;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;

/// Values for the tests of the stores.
final class Some {
    static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    static final Duration MINUTE = Duration.ofMinutes(1);
    static final TaskCodec CODEC = TaskJson.codec();

    /// The tasks whose name begins with "listed" stand in this list, and are counted.
    static final String LIST = "some";

    static final TaskLists LISTS = lists(1, "listed");

    private Some() {}

    static TaskLists lists(int revision, String beginning) {
        return new TaskLists(
                Map.of(
                        LIST,
                        new TaskLists.Rule(
                                revision, task -> task.name().startsWith(beginning), true)));
    }

    static Timetable everyMinute() {
        return Timetable.of(new Every(MINUTE, NOON));
    }

    static TaskDefinition definition(String name, Policies policies) {
        return new TaskDefinition(
                name,
                "About " + name,
                Optional.of(everyMinute()),
                new Nothing(),
                policies,
                Map.of());
    }

    static TaskDefinition definition(String name) {
        return definition(name, Policies.DEFAULT);
    }

    static Policies policies(ConcurrencyPolicy concurrency, Delivery delivery) {
        return new Policies(
                new RetryPolicy(
                        3, Duration.ofSeconds(1), Duration.ofSeconds(9), 2, RetryOn.TRANSIENT),
                Policies.DEFAULT_TIMEOUT,
                concurrency,
                MisfirePolicy.DEFAULT,
                delivery,
                Duration.ZERO,
                Policies.DEFAULT_PRIORITY);
    }

    static Policies policies(ConcurrencyPolicy concurrency) {
        return policies(concurrency, Delivery.AT_LEAST_ONCE);
    }

    /// Writes a task whose first fire time is `NOON`.
    static Task task(Stores stores, TaskDefinition definition) {
        return task(stores, definition, NOON);
    }

    static Task task(Stores stores, TaskDefinition definition, Instant nextFireAt) {
        var id = stores.tasks().newId();
        var progress = new Task.Progress(Optional.of(nextFireAt), Optional.empty(), 0);
        var task = new Task(id, "native", 1, definition, false, NOON, NOON, progress);
        stores.tasks().create(task, version(task, 1, definition, nextFireAt.minusMillis(1)));
        return task;
    }

    static TaskVersion version(Task task, int number, TaskDefinition definition, Instant after) {
        return new TaskVersion(
                task.id(), number, definition, after, NOON, "somebody", OptionalInt.empty());
    }

    static Holder join(Stores stores, String node) {
        return stores.nodes().join(node, NOON, NOON.plusSeconds(30));
    }

    static NewRun manualRun(Stores stores, Task task, Instant dueAt) {
        return manualRun(stores, task, dueAt, 5);
    }

    static NewRun manualRun(Stores stores, Task task, Instant dueAt, int priority) {
        var occasion =
                new Occasion(Trigger.MANUAL, Optional.empty(), dueAt, priority, Optional.empty());
        return new NewRun(stores.leases().newId(), task.id(), task.version(), occasion);
    }

    /// A run of the task that is leased to the holder.
    static Lease leased(Stores stores, Task task, Holder holder, Instant dueAt) {
        return stores.leases()
                .enqueue(List.of(manualRun(stores, task, dueAt)), Optional.of(holder))
                .getFirst();
    }

    /// Plans the task's next fire time as a run and stops there.
    static Plan planNext(Task task) {
        var fireTime = task.progress().nextFireAt().orElseThrow();
        var next = Optional.of(fireTime.plus(MINUTE));
        return new Plan(List.of(new Plan.Slot.Open(fireTime, fireTime)), next, next, 1);
    }

    static Function<Task, Plan> closing(Instant first, Instant last, long count, String reason) {
        var next = Optional.of(last.plus(MINUTE));
        var slot = new Plan.Slot.Closed(first, last, count, RunState.SKIPPED, reason);
        return _ -> new Plan(List.of(slot), next, next, 0);
    }

    static Completion success(Lease lease, Instant at) {
        return success(lease, at, Output.NONE);
    }

    static Completion success(Lease lease, Instant at, Output output) {
        return new Completion(
                lease,
                at,
                at.plusMillis(5),
                new Outcome.Succeeded(output),
                new Outcome.Next.Finish(RunState.SUCCEEDED, ""));
    }

    static Completion failure(Lease lease, Instant at) {
        return new Completion(
                lease,
                at,
                at.plusMillis(5),
                Outcome.Failed.of("refused", RetryOn.NETWORK),
                new Outcome.Next.Finish(RunState.FAILED, "refused"));
    }

    static Completion postponed(Lease lease, Instant at, Instant until) {
        return new Completion(
                lease,
                at,
                at.plusMillis(5),
                new Outcome.Postponed("not yet", until),
                new Outcome.Next.Postpone(until, "not yet"));
    }

    static Completion skipped(Lease lease, Instant at) {
        return new Completion(
                lease,
                at,
                at.plusMillis(5),
                new Outcome.Skipped("no money"),
                new Outcome.Next.Finish(RunState.SKIPPED, "no money"));
    }

    static Completion retry(Lease lease, Instant at, Instant again, Output output) {
        return new Completion(
                lease,
                at,
                at.plusMillis(5),
                new Outcome.Failed("status 503", Set.of(), output, Optional.empty()),
                new Outcome.Next.Retry(again, "status 503"));
    }
}
