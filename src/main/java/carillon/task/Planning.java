package carillon.task;

import java.time.Instant;

/// What the use cases ask of the planner of this node.
public interface Planning {
    /// Gives every fire time of the task up to and including `now` its row, as the task stands now.
    void planUpTo(TaskId task, Instant now);

    /// A task has changed: look whether there is something to plan.
    void wake();
}
