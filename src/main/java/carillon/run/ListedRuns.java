package carillon.run;

import static java.util.Objects.requireNonNull;

import carillon.task.TaskId;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The runs of the tasks in one of the [carillon.task.TaskLists], all together. Runs that others
/// see to are left out. What has been pruned is not known here any more.
public interface ListedRuns {
    /// Newest first; an empty set of states means all.
    List<Run> list(String list, Set<RunState> states, int offset, int limit);

    /// How many runs of a task ended in a state on a day (UTC), and how long all of them took from
    /// their first attempt on.
    record Ended(TaskId task, LocalDate day, RunState state, long runs, long millis) {
        public Ended {
            requireNonNull(task, "task");
            requireNonNull(day, "day");
            requireNonNull(state, "state");
        }
    }

    /// Of the runs that ended at `from` or later.
    List<Ended> ended(String list, Instant from);

    /// How many runs failed with the same reason.
    record Fault(String reason, long runs) {
        public Fault {
            requireNonNull(reason, "reason");
        }
    }

    /// The most frequent ones of the runs that ended at `from` or later, of one task or all.
    List<Fault> faults(String list, Optional<TaskId> task, Instant from, int limit);

    /// What models took for the tasks from `from` on, of one task or all.
    long tokens(String list, Optional<TaskId> task, Instant from);
}
