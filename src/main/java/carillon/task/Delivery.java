package carillon.task;

/// What becomes of a run whose node died while it was running.
public enum Delivery {
    /// It is attempted again, with the same `webhook-id`.
    AT_LEAST_ONCE,
    /// It ends as FAILED "unknown": it may or may not have happened.
    AT_MOST_ONCE
}
