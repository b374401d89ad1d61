package carillon.run;

import static java.util.Objects.requireNonNull;

import carillon.task.TaskId;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The runs of the tasks in one of the [carillon.task.TaskLists], all together. Runs that others
/// see to are left out. What is said of ended runs is counted in the transactions that end them,
/// where the list is one that is counted: so nobody reads the history to know, and runs that have
/// been pruned stay counted. Days are those of UTC.
public interface ListedRuns {
    /// Newest first; an empty set of states means all.
    List<Run> list(String list, Set<RunState> states, int offset, int limit);

    /// How many runs have not ended, of one task or all.
    long open(String list, Optional<TaskId> task);

    /// How many runs a task of a counted list has had, open ones included.
    long count(TaskId task);

    /// How many runs of a task ended in a state on a day, and how long all of them took from their
    /// first attempt on.
    record Ended(TaskId task, LocalDate day, RunState state, long runs, long millis) {
        public Ended {
            requireNonNull(task, "task");
            requireNonNull(day, "day");
            requireNonNull(state, "state");
        }
    }

    /// Of the runs that ended on the day `from` or later, of one task or all.
    List<Ended> ended(String list, Optional<TaskId> task, LocalDate from);

    /// How many runs failed with the same reason, of which 500 characters are told.
    record Fault(String reason, long runs) {
        public Fault {
            requireNonNull(reason, "reason");
        }
    }

    /// The most frequent ones of the runs that ended on the day `from` or later, of one task or
    /// all.
    List<Fault> faults(String list, Optional<TaskId> task, LocalDate from, int limit);

    /// What models took for the tasks from the day `from` on, of one task or all.
    long tokens(String list, Optional<TaskId> task, LocalDate from);

    /// Forgets the days before `before`; what is counted in all stays.
    void forget(LocalDate before);
}
