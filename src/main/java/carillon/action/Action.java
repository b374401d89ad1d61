package carillon.action;

/// What an attempt does.
public sealed interface Action
        permits Approval, BatchFile, HttpCall, Nothing, PromptCall, TaskBatch, Wait, Workflow {
    /// Whether it only sees to other runs. Then it takes no place among those that work, which the
    /// others need.
    default boolean conducts() {
        return false;
    }
}
