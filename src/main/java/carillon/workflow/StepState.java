package carillon.workflow;

/// How far a step is that has a row on disk.
public enum StepState {
    /// Its run has not ended.
    OPEN,
    SUCCEEDED,
    /// It failed for good, or was cancelled.
    FAILED,
    SKIPPED
}
