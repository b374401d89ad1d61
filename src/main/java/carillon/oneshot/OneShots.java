package carillon.oneshot;

import static java.util.Objects.requireNonNull;

import carillon.action.PromptCall;
import carillon.run.Intake;
import carillon.run.LeaseStore;
import carillon.run.Occasion;
import carillon.run.RunState;
import carillon.run.Trigger;
import carillon.task.Task;
import carillon.task.TaskDefinition;
import carillon.task.TaskId;
import carillon.task.TaskStore;
import carillon.task.TaskVersion;
import carillon.task.Tasks;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// The use cases of one-shot tasks. What they return is on disk.
public final class OneShots {
    private final OneShotStore store;
    private final TaskStore tasks;
    private final LeaseStore leases;
    private final Intake intake;
    private final InstantSource time;

    public OneShots(
            OneShotStore store,
            TaskStore tasks,
            LeaseStore leases,
            Intake intake,
            InstantSource time) {
        this.store = requireNonNull(store, "store");
        this.tasks = requireNonNull(tasks, "tasks");
        this.leases = requireNonNull(leases, "leases");
        this.intake = requireNonNull(intake, "intake");
        this.time = requireNonNull(time, "time");
    }

    public static boolean isOne(TaskDefinition definition) {
        return definition.action() instanceof PromptCall && definition.timetable().isEmpty();
    }

    public sealed interface Created {
        record Done(OneShot made) implements Created {}

        /// Another task has the id.
        record IdTaken() implements Created {}

        /// The same request has made this one before.
        record Before(TaskId task) implements Created {}

        /// The key was used for another request.
        record KeyUsed() implements Created {}
    }

    /// Makes the task and, unless it belongs to a batch, starts its run; on this node when it has
    /// room. `wanted` is a one-shot task, not paused.
    public Created create(Tasks.NewTask wanted, ClientName name) {
        var now = now();
        var definition = wanted.definition();
        if (!isOne(definition)) {
            throw new IllegalArgumentException("no one-shot task: " + definition.name());
        }
        var named = named(wanted, name, now);
        var task = named.task();
        var run = name.batch().isPresent() ? Optional.<LeaseStore.NewRun>empty() : run(task, now);
        var holder = run.flatMap(_ -> intake.roomFor(1));
        return switch (store.create(task, named.first(), name, run, holder)) {
            case OneShotStore.Created.IdTaken() -> new Created.IdTaken();
            case OneShotStore.Created.KeyUsed(var other, var fingerprint) ->
                    name.once().filter(own -> own.fingerprint().equals(fingerprint)).isPresent()
                            ? new Created.Before(other)
                            : new Created.KeyUsed();
            case OneShotStore.Created.Done(var leased) -> {
                if (leased.isEmpty()) {
                    intake.wake();
                } else {
                    intake.accept(leased);
                }
                yield new Created.Done(of(name.api(), task));
            }
        };
    }

    private static OneShotStore.Named named(Tasks.NewTask wanted, ClientName name, Instant now) {
        var definition = wanted.definition();
        var first =
                new TaskVersion(
                        wanted.id(), 1, definition, now, now, wanted.by(), OptionalInt.empty());
        var none = new Task.Progress(Optional.empty(), Optional.empty(), 0);
        var task =
                new Task(
                        wanted.id(),
                        wanted.origin(),
                        1,
                        definition,
                        wanted.paused(),
                        now,
                        now,
                        none);
        return new OneShotStore.Named(task, first, name);
    }

    /// A task to be made, and how a client calls it.
    public record Wanted(Tasks.NewTask task, ClientName name) {
        public Wanted {
            requireNonNull(task, "task");
            requireNonNull(name, "name");
        }
    }

    /// Makes all of them, none of which has a schedule, and begins none; or, when the id or the key
    /// of one is in use, makes none: then the answer is its name.
    public Optional<ClientName> createAll(List<Wanted> wanted) {
        var now = now();
        return store.createAll(
                        wanted.stream().map(one -> named(one.task(), one.name(), now)).toList())
                .map(OneShotStore.Named::name);
    }

    /// The tasks of a batch, by id, at most `limit` after `after`, as they stand.
    public List<OneShot> members(String api, String batch, Optional<TaskId> after, int limit) {
        return with(api, store.members(api, batch, after, limit));
    }

    public long countMembers(String api, String batch) {
        return store.countMembers(api, batch);
    }

    private Optional<LeaseStore.NewRun> run(Task task, Instant now) {
        int priority = task.definition().policies().priority();
        var occasion = new Occasion(Trigger.API, Optional.empty(), now, priority, Optional.empty());
        return Optional.of(
                new LeaseStore.NewRun(leases.newId(), task.id(), task.version(), occasion));
    }

    /// The task that a client of the API calls so, whatever has become of it.
    public Optional<Task> find(String api, String id) {
        return store.find(api, id).flatMap(tasks::find);
    }

    /// How the task stands, as this API sees it.
    public OneShot of(String api, Task task) {
        return with(api, List.of(task)).getFirst();
    }

    public List<OneShot> list(OneShotQuery query) {
        return with(query.api(), store.list(query));
    }

    public long count(OneShotQuery query) {
        return store.count(query);
    }

    /// How many runs of the API's one-shot tasks have not ended: QUEUED and RUNNING.
    public Map<RunState, Long> openRuns(String api) {
        return store.openRuns(api);
    }

    private List<OneShot> with(String api, List<Task> found) {
        var ids = found.stream().map(Task::id).toList();
        var names = store.names(api, ids);
        var runs = store.newestRuns(ids);
        return found.stream()
                .map(
                        task ->
                                new OneShot(
                                        task,
                                        Optional.ofNullable(names.get(task.id())),
                                        Optional.ofNullable(runs.get(task.id()))))
                .toList();
    }

    private Instant now() {
        return time.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
