package carillon.task;

/// What happens at a run's due time when an earlier run of the same task has begun and not ended.
public enum ConcurrencyPolicy {
    /// Both run.
    ALLOW,
    /// The new one is SKIPPED.
    FORBID,
    /// The earlier one is CANCELLED, then the new one starts.
    REPLACE,
    /// The new one waits, in order of due time.
    QUEUE
}
