package carillon.oneshot;

import static java.util.Objects.requireNonNull;

import carillon.cluster.Holder;
import carillon.run.Lease;
import carillon.run.LeaseStore;
import carillon.run.Run;
import carillon.run.RunState;
import carillon.task.Task;
import carillon.task.TaskId;
import carillon.task.TaskVersion;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The names that clients gave to tasks, and one-shot tasks with what became of them. Each method
/// is one transaction and, where it writes, durable when it returns.
public interface OneShotStore {
    sealed interface Created {
        /// With the leases to the run, where it was leased.
        record Done(List<Lease> leases) implements Created {
            public Done {
                leases = List.copyOf(leases);
            }
        }

        /// Another task has the name's id. Nothing was written.
        record IdTaken() implements Created {}

        /// Another request had the name's key. Nothing was written.
        record KeyUsed(TaskId task, String fingerprint) implements Created {}
    }

    /// Writes a task with its name and, where there is one, its first run, leased to `holder` if
    /// given.
    Created create(
            Task task,
            TaskVersion first,
            ClientName name,
            Optional<LeaseStore.NewRun> run,
            Optional<Holder> holder);

    /// A task with its first version and its name.
    record Named(Task task, TaskVersion first, ClientName name) {
        public Named {
            requireNonNull(task, "task");
            requireNonNull(first, "first");
            requireNonNull(name, "name");
        }
    }

    /// Writes all of them or, when another task has the id or the key of one, none: then this one
    /// is the answer.
    Optional<Named> createAll(List<Named> wanted);

    Optional<TaskId> find(String api, String id);

    /// The tasks that belong to a batch, by id, at most `limit` after `after`.
    List<Task> members(String api, String batch, Optional<TaskId> after, int limit);

    /// How many belong to it.
    long countMembers(String api, String batch);

    /// Those that have a name in this API.
    Map<TaskId, ClientName> names(String api, List<TaskId> tasks);

    List<Task> list(OneShotQuery query);

    /// How many the query would list without `offset` and `limit`.
    long count(OneShotQuery query);

    /// The newest run of each task, whatever its state; absent for tasks that have none.
    Map<TaskId, Run> newestRuns(List<TaskId> tasks);

    /// Forgets, with their names, at most `limit` one-shot tasks that were made before the instant
    /// and have no run left: what became of them has been forgotten already. Those that wait for
    /// their batch stay. Returns how many.
    int forget(Instant madeBefore, int limit);

    /// How many runs of the API's one-shot tasks have not ended: QUEUED and RUNNING.
    Map<RunState, Long> openRuns(String api);
}
