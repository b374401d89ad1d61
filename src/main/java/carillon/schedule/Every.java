package carillon.schedule;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/// A fixed interval, counted in elapsed time from an anchor (in both directions). Precise to the
/// millisecond: finer parts of interval and anchor are dropped. `cronText` is the text that it was
/// read from, where that was cron text (`@every 90s`).
public record Every(Duration interval, Instant anchor, Optional<String> cronText)
        implements Schedule {
    public Every {
        requireNonNull(cronText, "cronText");
        interval = interval.truncatedTo(ChronoUnit.MILLIS);
        anchor = anchor.truncatedTo(ChronoUnit.MILLIS);
        if (interval.compareTo(Duration.ofMillis(1)) < 0) {
            throw new IllegalArgumentException("the interval must be at least 1 ms: " + interval);
        }
    }

    public Every(Duration interval, Instant anchor) {
        this(interval, anchor, Optional.empty());
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
        long latest = before.minusNanos(1).toEpochMilli();
        long periods = Math.floorDiv(latest - anchor.toEpochMilli(), step);
        return Optional.of(FireTime.of(anchor.plusMillis(periods * step)));
    }

    @Override
    public ZoneId zone() {
        return ZoneOffset.UTC;
    }

    @Override
    public String describe() {
        return "every " + Words.duration(interval);
    }
}
