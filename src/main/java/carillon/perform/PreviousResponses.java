package carillon.perform;

import carillon.task.TaskId;
import java.util.Optional;

/// Knows what a task's last run that succeeded was answered.
@FunctionalInterface
public interface PreviousResponses {
    PreviousResponses NONE = _ -> Optional.empty();

    /// The text of the answer; empty when there is none.
    Optional<String> newest(TaskId task);
}
