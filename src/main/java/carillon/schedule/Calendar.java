package carillon.schedule;

import static java.util.Objects.requireNonNull;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/// Daily, weekly or monthly at a local time, which is precise to the second: finer parts are
/// dropped. Like cron it names fire times from 1970 to 2199.
public record Calendar(When when, LocalTime time, ZoneId zone, DstPolicy dst) implements Schedule {
    private static final int LONGEST_MONTH = 31;
    private static final int DAYS_IN_EVERY_MONTH = 28;

    /// On which days.
    public sealed interface When {
        record Daily() implements When {}

        record Weekly(DayOfWeek day) implements When {
            public Weekly {
                requireNonNull(day, "day");
            }
        }

        /// A day that the month lacks means its last day.
        record Monthly(int day) implements When {
            public Monthly {
                if (day < 1 || day > LONGEST_MONTH) {
                    throw new IllegalArgumentException("the day must be 1-31: " + day);
                }
            }
        }
    }

    public Calendar {
        requireNonNull(when, "when");
        requireNonNull(zone, "zone");
        requireNonNull(dst, "dst");
        time = time.truncatedTo(ChronoUnit.SECONDS);
    }

    @Override
    public Optional<FireTime> next(Instant after) {
        return WallClock.of(zone).next(new Rule(when, time.toSecondOfDay()), dst, after);
    }

    @Override
    public Optional<FireTime> previous(Instant before) {
        return WallClock.of(zone).previous(new Rule(when, time.toSecondOfDay()), dst, before);
    }

    @Override
    public String describe() {
        var days =
                switch (when) {
                    case When.Daily() -> "every day";
                    case When.Weekly(var day) -> "on " + Words.weekday(day.getValue()) + "s";
                    case When.Monthly(int day) ->
                            "on day "
                                    + day
                                    + " of the month"
                                    + (day > DAYS_IN_EVERY_MONTH ? ", or its last day" : "");
                };
        return "at " + Words.time(time.toSecondOfDay()) + " " + days + ", " + Words.zone(zone);
    }

    private record Rule(When when, int second) implements LocalRule {
        @Override
        public boolean followsElapsedTime() {
            return false;
        }

        @Override
        public long next(long local) {
            long day = Math.ceilDiv(Math.max(local, 0) - second, SECONDS_PER_DAY);
            long found = onOrAfter(Math.max(day, 0)) * SECONDS_PER_DAY + second;
            return found < END ? found : NONE_AFTER;
        }

        @Override
        public long previous(long local) {
            long day = Math.floorDiv(Math.min(local, END - 1) - second, SECONDS_PER_DAY);
            long found = onOrBefore(day) * SECONDS_PER_DAY + second;
            return found >= 0 ? found : NONE_BEFORE;
        }

        private long onOrAfter(long epochDay) {
            return switch (when) {
                case When.Daily() -> epochDay;
                case When.Weekly(var day) -> epochDay + Math.floorMod(distance(day, epochDay), 7);
                case When.Monthly(int day) -> {
                    var date = LocalDate.ofEpochDay(epochDay);
                    var found = inMonthOf(date, day);
                    yield (found.isBefore(date) ? inMonthOf(date.plusMonths(1), day) : found)
                            .toEpochDay();
                }
            };
        }

        private long onOrBefore(long epochDay) {
            return switch (when) {
                case When.Daily() -> epochDay;
                case When.Weekly(var day) -> epochDay - Math.floorMod(-distance(day, epochDay), 7);
                case When.Monthly(int day) -> {
                    var date = LocalDate.ofEpochDay(epochDay);
                    var found = inMonthOf(date, day);
                    yield (found.isAfter(date) ? inMonthOf(date.minusMonths(1), day) : found)
                            .toEpochDay();
                }
            };
        }

        /// Days from the weekday of `epochDay` to `day`, in either direction.
        private static int distance(DayOfWeek day, long epochDay) {
            return day.getValue() - LocalDate.ofEpochDay(epochDay).getDayOfWeek().getValue();
        }

        private static LocalDate inMonthOf(LocalDate date, int day) {
            return date.withDayOfMonth(Math.min(day, date.lengthOfMonth()));
        }
    }
}
