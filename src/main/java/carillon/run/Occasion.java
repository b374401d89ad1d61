package carillon.run;

import static java.util.Objects.requireNonNull;

import carillon.action.StepKey;
import java.time.Instant;
import java.util.Optional;

/// Why and for when a run exists. `fireTime` is the slot that it belongs to (scheduled runs), or
/// the past slot that it repeats (replays, backfills); `dueAt` is when its next attempt may start;
/// `parent` is the run that it repeats, that sees to it, or whose agent asked for it; `step` is the
/// step of its task's workflow whose run it is.
public record Occasion(
        Trigger trigger,
        Optional<Instant> fireTime,
        Instant dueAt,
        int priority,
        Optional<RunId> parent,
        Optional<StepKey> step) {
    public Occasion {
        requireNonNull(trigger, "trigger");
        requireNonNull(fireTime, "fireTime");
        requireNonNull(dueAt, "dueAt");
        requireNonNull(parent, "parent");
        requireNonNull(step, "step");
    }

    /// Of no step.
    public Occasion(
            Trigger trigger,
            Optional<Instant> fireTime,
            Instant dueAt,
            int priority,
            Optional<RunId> parent) {
        this(trigger, fireTime, dueAt, priority, parent, Optional.empty());
    }
}
