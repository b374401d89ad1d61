package carillon.task;

import carillon.schedule.Timetable;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// The use cases of tasks. What they return is on disk.
public final class Tasks {
    private final TaskStore store;
    private final Planning planning;
    private final InstantSource time;

    public Tasks(TaskStore store, Planning planning, InstantSource time) {
        this.store = store;
        this.planning = planning;
        this.time = time;
    }

    /// A new id, for reading a definition whose schedule depends on it.
    public TaskId newId() {
        return store.newId();
    }

    /// A task to be made. `id` comes from [#newId]; `by` is who asks.
    public record NewTask(
            TaskId id, String origin, TaskDefinition definition, boolean paused, String by) {}

    public sealed interface Created {
        record Done(Task task) implements Created {}

        /// The schedule names no fire time after now.
        record NeverFires() implements Created {}
    }

    public Created create(NewTask wanted) {
        var now = now();
        var definition = wanted.definition();
        if (neverFires(definition, now)) {
            return new Created.NeverFires();
        }
        var first =
                new TaskVersion(
                        wanted.id(), 1, definition, now, now, wanted.by(), OptionalInt.empty());
        var progress = new Task.Progress(first.firstFireAt(), Optional.empty(), 0);
        var task =
                new Task(
                        wanted.id(),
                        wanted.origin(),
                        1,
                        definition,
                        wanted.paused(),
                        now,
                        now,
                        progress);
        store.create(task, first);
        planning.wake();
        return new Created.Done(task);
    }

    public Optional<Task> find(TaskId id) {
        return store.find(id);
    }

    public List<Task> list(TaskQuery query) {
        return store.list(query);
    }

    public long count(TaskQuery query) {
        return store.count(query);
    }

    /// Those not paused that have a fire time to come, the soonest first: of the list named, or of
    /// all.
    public List<Task> nextToRun(Optional<String> list, int limit) {
        return store.nextToRun(list, limit);
    }

    public sealed interface Changed {
        record Done(Task task) implements Changed {}

        record NotFound() implements Changed {}

        /// The version asked to roll back to does not exist.
        record NoSuchVersion() implements Changed {}

        /// The task is no longer at the version that the caller had seen.
        record Conflict(int currentVersion) implements Changed {}

        /// The new schedule names no fire time after now.
        record NeverFires() implements Changed {}
    }

    /// Makes `definition` a new version, if the task still is at `expectedVersion` where one is
    /// given.
    public Changed update(
            TaskId id, TaskDefinition definition, OptionalInt expectedVersion, String by) {
        return change(id, definition, expectedVersion, by, OptionalInt.empty());
    }

    /// Makes a new version that says what `version` said.
    public Changed rollback(TaskId id, int version, String by) {
        if (store.find(id).isEmpty()) {
            return new Changed.NotFound();
        }
        var wanted = store.version(id, version);
        if (wanted.isEmpty()) {
            return new Changed.NoSuchVersion();
        }
        var definition = wanted.get().definition();
        return change(id, definition, OptionalInt.empty(), by, OptionalInt.of(version));
    }

    private Changed change(
            TaskId id,
            TaskDefinition definition,
            OptionalInt expectedVersion,
            String by,
            OptionalInt rolledBackFrom) {
        while (true) {
            var found = store.find(id);
            if (found.isEmpty()) {
                return new Changed.NotFound();
            }
            var task = found.get();
            if (expectedVersion.isPresent() && expectedVersion.getAsInt() != task.version()) {
                return new Changed.Conflict(task.version());
            }
            var now = now();
            boolean rescheduled = !definition.timetable().equals(task.definition().timetable());
            if (rescheduled && neverFires(definition, now)) {
                return new Changed.NeverFires();
            }
            planning.planUpTo(id, now);
            var next =
                    new TaskVersion(
                            id, task.version() + 1, definition, now, now, by, rolledBackFrom);
            if (store.addVersion(next, task.version())) {
                planning.wake();
                return store.find(id)
                        .<Changed>map(Changed.Done::new)
                        .orElse(new Changed.NotFound());
            }
            // Somebody else's change came between: judge anew on what stands now.
        }
    }

    /// Pauses the task; pausing a paused one changes nothing. Empty when there is none.
    public Optional<Task> pause(TaskId id) {
        return setPaused(id, true);
    }

    /// Resumes the task. The slots that passed while it was paused are SKIPPED "paused".
    public Optional<Task> resume(TaskId id) {
        return setPaused(id, false);
    }

    private Optional<Task> setPaused(TaskId id, boolean paused) {
        var task = store.find(id);
        if (task.isEmpty() || task.get().paused() == paused) {
            return task;
        }
        planning.planUpTo(id, now());
        if (!store.setPaused(id, paused, now())) {
            return Optional.empty();
        }
        planning.wake();
        return store.find(id);
    }

    /// Deletes the task with its versions, runs and outputs; returns false when there is none.
    public boolean delete(TaskId id) {
        boolean deleted = store.delete(id);
        if (deleted) {
            planning.wake();
        }
        return deleted;
    }

    /// Newest first; empty when there is no such task.
    public List<TaskVersion> versions(TaskId id) {
        return store.versions(id);
    }

    public Optional<TaskVersion> version(TaskId id, int version) {
        return store.version(id, version);
    }

    private static boolean neverFires(TaskDefinition definition, Instant now) {
        Optional<Timetable> timetable = definition.timetable();
        return timetable.isPresent() && timetable.get().next(now).isEmpty();
    }

    private Instant now() {
        return time.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
