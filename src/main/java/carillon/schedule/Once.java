package carillon.schedule;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;

/// A single fire time.
public record Once(Instant at) implements Schedule {
    public Once {
        requireNonNull(at, "at");
    }

    @Override
    public Optional<FireTime> next(Instant after) {
        return at.isAfter(after) ? Optional.of(FireTime.of(at)) : Optional.empty();
    }

    @Override
    public Optional<FireTime> previous(Instant before) {
        return at.isBefore(before) ? Optional.of(FireTime.of(at)) : Optional.empty();
    }

    @Override
    public ZoneId zone() {
        return ZoneOffset.UTC;
    }

    @Override
    public String describe() {
        return "once, on " + Words.instant(at);
    }
}
