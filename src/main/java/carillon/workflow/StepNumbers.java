package carillon.workflow;

import java.util.List;
import java.util.OptionalLong;

/// Numbers for steps of workflows, for APIs that know steps by a number alone. Each method is one
/// transaction.
public interface StepNumbers {
    /// A step's number, and the id of the task that is its workflow.
    record Numbered(long number, long workflow) {}

    /// Gives a new number to a step that the workflow is about to have.
    long assign(long workflow);

    /// The workflow of the step; empty when there is no such number.
    OptionalLong workflowOf(long number);

    /// The smallest numbers above `after`, at most `limit`.
    List<Numbered> list(long after, int limit);

    /// Forgets a number whose step is no more.
    void forget(long number);
}
