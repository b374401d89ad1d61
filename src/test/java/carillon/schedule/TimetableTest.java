package carillon.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import carillon.schedule.FireTime.Fate;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class TimetableTest {
    private static final ZoneId NEW_YORK = ZoneId.of("America/New_York");
    private static final Schedule DAILY = new Cron("0 20 * * *", NEW_YORK, DstPolicy.DEFAULT, 0);
    private static final Instant START = Instant.parse("2026-06-02T00:00:00Z");
    private static final Instant END = Instant.parse("2026-06-05T00:00:00Z");

    private static Timetable bounded(LocalDate... excluded) {
        return new Timetable(
                DAILY, Optional.of(START), Optional.of(END), OptionalLong.of(7), Set.of(excluded));
    }

    @Test
    void the_start_is_inclusive_and_the_end_is_not() {
        var timetable = bounded();

        assertThat(timetable.next(Instant.EPOCH)).contains(FireTime.of(START));
        assertThat(timetable.next(START)).contains(FireTime.of(START.plus(Duration.ofDays(1))));
        assertThat(timetable.next(END.minus(Duration.ofDays(1)))).isEmpty();
        assertThat(timetable.previous(Instant.parse("2030-01-01T00:00:00Z")))
                .contains(FireTime.of(END.minus(Duration.ofDays(1))));
        assertThat(timetable.previous(START.plusNanos(1))).contains(FireTime.of(START));
        assertThat(timetable.previous(START)).isEmpty();
        assertThat(timetable.next(Instant.MIN)).contains(FireTime.of(START));
        assertThat(timetable.previous(Instant.MAX)).isPresent();
    }

    @Test
    void a_range_has_its_beginning_and_not_its_end() {
        var timetable = Timetable.of(DAILY);

        assertThat(timetable.between(START, START.plus(Duration.ofDays(2))))
                .containsExactly(FireTime.of(START), FireTime.of(START.plus(Duration.ofDays(1))));
        assertThat(timetable.between(START, START)).isEmpty();
        assertThat(bounded().between(Instant.EPOCH, Instant.parse("2030-01-01T00:00:00Z")))
                .hasSize(3);
    }

    @Test
    void an_excluded_local_date_is_named_but_does_not_run() {
        // 20:00 in New York on the 2nd is the 3rd in UTC: the local date counts.
        var timetable = bounded(LocalDate.of(2026, 6, 2));

        assertThat(timetable.between(START, END).map(FireTime::fate))
                .containsExactly(Fate.RUN, Fate.EXCLUDED, Fate.RUN);
        assertThat(timetable.previous(START.plus(Duration.ofDays(2))).map(FireTime::fate))
                .contains(Fate.EXCLUDED);
    }

    @Test
    void an_endless_range_is_counted_no_further_than_asked() {
        var everySecond = Timetable.of(new Cron("* * * * * *", NEW_YORK, DstPolicy.DEFAULT, 0));

        assertThat(everySecond.count(Instant.EPOCH, Instant.parse("2199-01-01T00:00:00Z"), 1_000))
                .isEqualTo(1_000);
        assertThat(everySecond.count(START, START.plusSeconds(10), 1_000)).isEqualTo(10);
    }

    @Test
    void once_fires_once() {
        var once = Timetable.of(new Once(START));

        assertThat(once.next(START.minusNanos(1))).contains(FireTime.of(START));
        assertThat(once.next(START)).isEmpty();
        assertThat(once.previous(START)).isEmpty();
        assertThat(once.between(Instant.EPOCH, END)).hasSize(1);
    }

    @Test
    void the_bounds_are_told() {
        assertThat(bounded(LocalDate.of(2026, 6, 3)).describe())
                .isEqualTo(
                        "at 20:00 every day, New York time, from 2 June 2026 at 00:00 UTC,"
                                + " until 5 June 2026 at 00:00 UTC, at most 7 runs,"
                                + " but not on 3 June 2026");
        assertThat(Timetable.of(DAILY).describe()).isEqualTo(DAILY.describe());
    }
}
