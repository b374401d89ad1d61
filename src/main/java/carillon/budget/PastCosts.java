package carillon.budget;

import carillon.task.TaskId;
import java.util.Optional;

/// Knows what a task's runs have cost so far.
@FunctionalInterface
public interface PastCosts {
    /// Knows of nothing.
    PastCosts NONE = (_, _) -> Optional.empty();

    /// The average over the task's latest answers whose cost is known, at most so many; empty when
    /// there are none.
    Optional<Average> latest(TaskId task, int answers);

    /// In nanodollars, over that many answers.
    record Average(long nanodollars, int answers) {}
}
