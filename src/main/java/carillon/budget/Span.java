package carillon.budget;

import static java.util.Objects.requireNonNull;

import carillon.task.Budget.Period;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.TemporalAdjusters;

/// One period of a budget: from `start`, inclusive, to `end`, exclusive, when it resets.
public record Span(Instant start, Instant end) {
    public Span {
        requireNonNull(start, "start");
        requireNonNull(end, "end");
        if (!start.isBefore(end)) {
            throw new IllegalArgumentException("an empty span: " + start + " to " + end);
        }
    }

    /// The period that `now` lies in. A day begins with the first instant of its date in the zone,
    /// which need not be midnight; a week begins on Monday, a month on its first day.
    public static Span of(Period period, ZoneId zone, Instant now) {
        var first = firstDate(period, now.atZone(zone).toLocalDate());
        var next =
                switch (period) {
                    case DAY -> first.plusDays(1);
                    case WEEK -> first.plusWeeks(1);
                    case MONTH -> first.plusMonths(1);
                };
        return new Span(first.atStartOfDay(zone).toInstant(), next.atStartOfDay(zone).toInstant());
    }

    private static LocalDate firstDate(Period period, LocalDate date) {
        return switch (period) {
            case DAY -> date;
            case WEEK -> date.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
            case MONTH -> date.withDayOfMonth(1);
        };
    }
}
