package carillon.budget;

import static org.assertj.core.api.Assertions.assertThat;

import carillon.task.Budget.Period;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SpanTest {
    @ParameterizedTest
    @CsvSource({
        // An ordinary day, in two zones at once.
        "DAY, UTC, 2026-03-10T00:00:00Z, 2026-03-10T00:00:00Z, 2026-03-11T00:00:00Z",
        "DAY, Asia/Tokyo, 2026-03-10T15:00:00Z, 2026-03-10T15:00:00Z, 2026-03-11T15:00:00Z",
        // 23 and 25 hours long.
        "DAY, Europe/Berlin, 2026-03-29T12:00:00Z, 2026-03-28T23:00:00Z, 2026-03-29T22:00:00Z",
        "DAY, Europe/Berlin, 2026-10-25T12:00:00Z, 2026-10-24T22:00:00Z, 2026-10-25T23:00:00Z",
        // There is no midnight: the day begins at one o'clock.
        "DAY, America/Havana, 2026-03-08T12:00:00Z, 2026-03-08T05:00:00Z, 2026-03-09T04:00:00Z",
        // Midnight comes twice: the day begins with the first.
        "DAY, America/Havana, 2026-11-01T05:30:00Z, 2026-11-01T04:00:00Z, 2026-11-02T05:00:00Z",
        // The day that Samoa left out is in no period.
        "DAY, Pacific/Apia, 2011-12-30T09:59:59Z, 2011-12-29T10:00:00Z, 2011-12-30T10:00:00Z",
        "WEEK, UTC, 2026-03-01T23:59:59Z, 2026-02-23T00:00:00Z, 2026-03-02T00:00:00Z",
        "WEEK, UTC, 2026-03-02T00:00:00Z, 2026-03-02T00:00:00Z, 2026-03-09T00:00:00Z",
        "WEEK, Europe/Berlin, 2026-03-29T12:00:00Z, 2026-03-22T23:00:00Z, 2026-03-29T22:00:00Z",
        "MONTH, UTC, 2028-02-29T12:00:00Z, 2028-02-01T00:00:00Z, 2028-03-01T00:00:00Z",
        "MONTH, Europe/Berlin, 2026-03-31T21:59:59Z, 2026-02-28T23:00:00Z, 2026-03-31T22:00:00Z",
        "MONTH, America/New_York, 2026-12-31T23:00:00Z, 2026-12-01T05:00:00Z, 2027-01-01T05:00:00Z",
    })
    void a_period_begins_and_ends_with_its_dates_in_the_zone(
            Period period, String zone, Instant now, Instant start, Instant end) {
        var span = Span.of(period, ZoneId.of(zone), now);
        assertThat(span).isEqualTo(new Span(start, end));
    }

    @Test
    void periods_follow_each_other_without_a_gap_all_year_round() {
        for (var zone : new String[] {"UTC", "Europe/Berlin", "America/Havana", "Africa/Cairo"}) {
            for (var period : Period.values()) {
                var end = Instant.parse("2027-01-10T00:00:00Z");
                var span = Span.of(period, ZoneId.of(zone), Instant.parse("2026-01-01T00:00:00Z"));
                while (span.end().isBefore(end)) {
                    var next = Span.of(period, ZoneId.of(zone), span.end());
                    assertThat(next.start()).as("%s %s", zone, period).isEqualTo(span.end());
                    assertThat(Span.of(period, ZoneId.of(zone), span.end().minusMillis(1)))
                            .isEqualTo(span);
                    span = next;
                }
            }
        }
    }
}
