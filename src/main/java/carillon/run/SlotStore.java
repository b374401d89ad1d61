package carillon.run;

import carillon.cluster.Holder;
import carillon.task.Task;
import carillon.task.TaskId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// Turns fire times into rows of the ledger.
public interface SlotStore {
    /// In one transaction: takes at most `limit` tasks that the planner is to look at by `until`
    /// (soonest first; on PostgreSQL those that no other node is looking at), has each decided by
    /// `decide`, which must be a pure function, and writes the plans. Open slots are inserted as
    /// QUEUED, attempt 1, held by `holder`.
    ///
    /// A fire time that has a scheduled row already is left as it is: (task, fire time) is unique.
    Planned plan(Instant until, int limit, Holder holder, Function<Task, Plan> decide);

    /// The same for one task, whenever it would be looked at; its open slots are held by nobody.
    /// Returns the plan that was written; empty when the task is gone.
    Optional<Plan> planOne(TaskId task, Function<Task, Plan> decide);

    /// When the planner is to look at a task next; empty when there is nothing to look at.
    Optional<Instant> nextLook();

    /// What a planning transaction brought: the runs now leased, and how many tasks were looked at.
    record Planned(List<Lease> leases, int tasks) {
        public Planned {
            leases = List.copyOf(leases);
        }
    }
}
