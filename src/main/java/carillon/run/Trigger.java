package carillon.run;

/// Why a run exists.
public enum Trigger {
    /// Its task's schedule named the fire time.
    SCHEDULE,
    /// A person asked for it.
    MANUAL,
    /// A program asked for it.
    API,
    /// It repeats an earlier run, with the version that ran then.
    REPLAY,
    /// It was asked for over a past range.
    BACKFILL,
    /// Its task belongs to a batch, whose run is the parent.
    BATCH,
    /// It is a step of a workflow, whose run is the parent.
    WORKFLOW,
    /// A step of a workflow calls its task; the step's run is the parent.
    CALL,
    /// An agent asked for it, at work in the run that is the parent.
    AGENT;

    /// Whether the parent sees to the run.
    public boolean isSeenTo() {
        return this == BATCH || this == WORKFLOW || this == CALL;
    }
}
