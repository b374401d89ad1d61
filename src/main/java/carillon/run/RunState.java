package carillon.run;

import java.util.Set;

/// Where a run is in its life. The table below is the whole state machine: a change that is not
/// listed here is a bug in the caller, never a race to be tolerated. `docs/states.md` is made from
/// it.
public enum RunState {
    /// Waits for its due time, for room, for an earlier run, or for its next attempt.
    QUEUED,
    /// An attempt is under way.
    RUNNING,
    SUCCEEDED,
    /// The last attempt allowed has failed, or its end is unknown.
    FAILED,
    /// Somebody, or a newer run, asked for its end.
    CANCELLED,
    /// It was not done, by a rule: overlap, pause, exclusion date, daylight saving, budget.
    SKIPPED,
    /// It was not started, because nobody could run it in time.
    MISSED;

    /// The states that may follow this one.
    public Set<RunState> successors() {
        return switch (this) {
            // To SUCCEEDED and FAILED without RUNNING on disk: attempts shorter than the time after
            // which RUNNING is written.
            case QUEUED -> Set.of(RUNNING, SUCCEEDED, FAILED, CANCELLED, SKIPPED);
            // Back to QUEUED when an attempt fails with attempts left, or its node dies.
            // To SKIPPED when a rule that only the attempt can apply says so: no budget is left.
            case RUNNING -> Set.of(QUEUED, SUCCEEDED, FAILED, CANCELLED, SKIPPED);
            case SUCCEEDED, FAILED, CANCELLED, SKIPPED, MISSED -> Set.of();
        };
    }

    /// The states in which a row can be born.
    public boolean isInitial() {
        return switch (this) {
            case QUEUED, SKIPPED, MISSED -> true;
            case RUNNING, SUCCEEDED, FAILED, CANCELLED -> false;
        };
    }

    public boolean isFinal() {
        return successors().isEmpty();
    }
}
