package carillon.schedule;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Optional;

/// Daily, weekly or monthly at a local time. Being written: the signature is settled.
public record Calendar(When when, LocalTime time, ZoneId zone, DstPolicy dst) implements Schedule {
    /// On which days.
    public sealed interface When {
        record Daily() implements When {}

        record Weekly(DayOfWeek day) implements When {}

        /// A day that the month lacks means its last day.
        record Monthly(int day) implements When {}
    }

    @Override
    public Optional<FireTime> next(Instant after) {
        return Optional.empty();
    }

    @Override
    public Optional<FireTime> previous(Instant before) {
        return Optional.empty();
    }

    @Override
    public String describe() {
        return when.toString();
    }
}
