package carillon.run;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Optional;

/// Why and for when a run exists. `fireTime` is the slot that it belongs to (scheduled runs), or
/// the past slot that it repeats (replays, backfills); `dueAt` is when its next attempt may start;
/// `parent` is the run that it repeats.
public record Occasion(
        Trigger trigger,
        Optional<Instant> fireTime,
        Instant dueAt,
        int priority,
        Optional<RunId> parent) {
    public Occasion {
        requireNonNull(trigger, "trigger");
        requireNonNull(fireTime, "fireTime");
        requireNonNull(dueAt, "dueAt");
        requireNonNull(parent, "parent");
    }
}
