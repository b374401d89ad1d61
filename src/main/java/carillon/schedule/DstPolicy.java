package carillon.schedule;

import static java.util.Objects.requireNonNull;

/// What a fixed local time means on the two days a year when clocks change.
public record DstPolicy(Gap gap, Overlap overlap) {
    /// `gap = run_after`, `overlap = first`.
    public static final DstPolicy DEFAULT = new DstPolicy(Gap.RUN_AFTER, Overlap.FIRST);

    /// The local time does not exist because clocks jumped over it.
    public enum Gap {
        /// It fires as soon as the gap is over.
        RUN_AFTER,
        /// It does not fire that day; the slot is recorded as skipped.
        SKIP
    }

    /// The local time exists twice because clocks were set back.
    public enum Overlap {
        FIRST,
        BOTH
    }

    public DstPolicy {
        requireNonNull(gap, "gap");
        requireNonNull(overlap, "overlap");
    }
}
