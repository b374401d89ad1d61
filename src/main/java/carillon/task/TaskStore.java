package carillon.task;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// The tasks and their versions. Each method is one transaction and, where it writes, durable when
/// it returns.
public interface TaskStore {
    /// A new id, unused so far.
    TaskId newId();

    /// Writes a task with its first version. `nextFireAt` is what the planner looks at first.
    void create(Task task, TaskVersion first);

    Optional<Task> find(TaskId id);

    List<Task> list(TaskQuery query);

    long count(TaskQuery query);

    /// Those not paused that have a fire time to come, the soonest first: of the list named, or of
    /// all.
    List<Task> nextToRun(Optional<String> list, int limit);

    /// Adds a version and makes it the one in force, if the task's version still is
    /// `expectedVersion`; returns false, and changes nothing, when it is not or the task is gone.
    ///
    /// The version's `firesAfter` is raised to the task's newest planned fire time, so that no fire
    /// time is named by two versions; the task's next fire time follows from it.
    boolean addVersion(TaskVersion version, int expectedVersion);

    /// Newest first.
    List<TaskVersion> versions(TaskId id);

    Optional<TaskVersion> version(TaskId id, int version);

    /// The version whose schedule was in force at `fireTime`.
    OptionalInt versionAt(TaskId id, Instant fireTime);

    /// Pauses or resumes. Fire times up to `now` that have no row yet are written first, as the
    /// task stood before: on resume they are SKIPPED "paused". Returns false when the task is gone.
    boolean setPaused(TaskId id, boolean paused, Instant now);

    /// Removes the task with its versions, runs and outputs; returns false when there is none.
    boolean delete(TaskId id);
}
