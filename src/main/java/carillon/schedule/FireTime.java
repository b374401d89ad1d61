package carillon.schedule;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/// One instant that a schedule names, with what daylight saving did to it and whether the task is
/// to run then. A fire time that is not to run still is a slot: its row says why.
public record FireTime(Instant at, DstMark mark, Fate fate) {
    /// How the local clock stood at this fire time.
    public enum DstMark {
        NONE,
        /// The local time named by the schedule did not exist.
        GAP,
        /// The local time named by the schedule exists twice; this is one of the two.
        OVERLAP
    }

    /// What is to happen at this fire time.
    public enum Fate {
        RUN,
        /// The local time fell into a gap and the policy is to skip it.
        SKIPPED_BY_DST,
        /// The local date is an exclusion date.
        EXCLUDED
    }

    public FireTime {
        requireNonNull(at, "at");
        requireNonNull(mark, "mark");
        requireNonNull(fate, "fate");
    }

    public static FireTime of(Instant at) {
        return new FireTime(at, DstMark.NONE, Fate.RUN);
    }

    public boolean runs() {
        return fate == Fate.RUN;
    }
}
