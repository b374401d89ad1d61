package carillon.schedule;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;

/// A fixed interval, counted in elapsed time from an anchor (in both directions). Precise to the
/// millisecond.
public record Every(Duration interval, Instant anchor) implements Schedule {
    public Every {
        requireNonNull(interval, "interval");
        requireNonNull(anchor, "anchor");
        if (interval.compareTo(Duration.ofMillis(1)) < 0) {
            throw new IllegalArgumentException("the interval must be at least 1 ms: " + interval);
        }
    }

    @Override
    public Optional<FireTime> next(Instant after) {
        long step = interval.toMillis();
        long periods = Math.floorDiv(after.toEpochMilli() - anchor.toEpochMilli(), step) + 1;
        return Optional.of(FireTime.of(anchor.plusMillis(periods * step)));
    }

    @Override
    public Optional<FireTime> previous(Instant before) {
        long step = interval.toMillis();
        long periods = Math.ceilDiv(before.toEpochMilli() - anchor.toEpochMilli(), step) - 1;
        return Optional.of(FireTime.of(anchor.plusMillis(periods * step)));
    }

    @Override
    public ZoneId zone() {
        return ZoneOffset.UTC;
    }

    @Override
    public String describe() {
        return "every " + interval;
    }
}
