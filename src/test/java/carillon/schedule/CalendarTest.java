package carillon.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import carillon.schedule.Calendar.When;
import carillon.schedule.DstPolicy.Gap;
import carillon.schedule.DstPolicy.Overlap;
import carillon.schedule.FireTime.DstMark;
import carillon.schedule.FireTime.Fate;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CalendarTest {
    private static final ZoneId LONDON = ZoneId.of("Europe/London");
    private static final LocalTime NINE = LocalTime.of(9, 0);

    private static Calendar at(When when, LocalTime time) {
        return new Calendar(when, time, LONDON, DstPolicy.DEFAULT);
    }

    private static List<String> firstThree(Calendar calendar, String from) {
        return Timetable.of(calendar)
                .between(Instant.parse(from), Instant.parse("2199-01-01T00:00:00Z"))
                .limit(3)
                .map(fireTime -> fireTime.at().toString())
                .toList();
    }

    @Test
    void daily_is_at_the_local_time_of_each_day() {
        assertThat(firstThree(at(new When.Daily(), NINE), "2026-03-28T00:00:00Z"))
                .containsExactly(
                        "2026-03-28T09:00:00Z", "2026-03-29T08:00:00Z", "2026-03-30T08:00:00Z");
    }

    @Test
    void weekly_is_on_its_weekday() {
        assertThat(firstThree(at(new When.Weekly(DayOfWeek.MONDAY), NINE), "2026-03-02T09:00:01Z"))
                .containsExactly(
                        "2026-03-09T09:00:00Z", "2026-03-16T09:00:00Z", "2026-03-23T09:00:00Z");
    }

    @Test
    void monthly_on_a_day_that_the_month_lacks_is_on_its_last_day() {
        assertThat(firstThree(at(new When.Monthly(31), NINE), "2026-01-31T12:00:00Z"))
                .containsExactly(
                        "2026-02-28T09:00:00Z", "2026-03-31T08:00:00Z", "2026-04-30T08:00:00Z");
    }

    @Test
    void a_policy_is_kept_across_changes_of_clocks() {
        var inGap =
                new Calendar(
                        new When.Daily(),
                        LocalTime.of(1, 30),
                        LONDON,
                        new DstPolicy(Gap.SKIP, Overlap.BOTH));

        assertThat(inGap.next(Instant.parse("2026-03-28T12:00:00Z")))
                .contains(
                        new FireTime(
                                Instant.parse("2026-03-29T01:00:00Z"),
                                DstMark.GAP,
                                Fate.SKIPPED_BY_DST));
        assertThat(inGap.next(Instant.parse("2026-10-25T00:30:00Z")))
                .contains(
                        new FireTime(
                                Instant.parse("2026-10-25T01:30:00Z"), DstMark.OVERLAP, Fate.RUN));
    }

    @ParameterizedTest
    @CsvSource({"1, 0 5 1 * *", "15, 0 5 15 * *", "28, 0 5 28 * *"})
    void monthly_is_what_cron_says_where_cron_can_say_it(int day, String text) {
        assertSame(at(new When.Monthly(day), LocalTime.of(5, 0)), text);
    }

    @Test
    void daily_and_weekly_are_what_cron_says() {
        assertSame(at(new When.Daily(), LocalTime.of(1, 30)), "30 1 * * *");
        assertSame(at(new When.Weekly(DayOfWeek.SUNDAY), LocalTime.of(1, 30)), "30 1 * * SUN");
        assertSame(at(new When.Monthly(31), LocalTime.of(23, 59)), "59 23 L * *");
    }

    private static void assertSame(Calendar calendar, String text) {
        long seed = 20260715;
        var random = new Random(seed);
        var cron = new Cron(text, LONDON, DstPolicy.DEFAULT, 0);
        for (int i = 0; i < 2_000; i++) {
            var at = Instant.ofEpochSecond(random.nextLong(7_300_000_000L) - 40_000_000L);

            assertThat(calendar.next(at))
                    .as("seed %d, after %s", seed, at)
                    .isEqualTo(cron.next(at));
            assertThat(calendar.previous(at))
                    .as("seed %d, before %s", seed, at)
                    .isEqualTo(cron.previous(at));
        }
    }

    @Test
    void a_day_outside_of_1_to_31_is_refused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new When.Monthly(0));
        assertThatIllegalArgumentException().isThrownBy(() -> new When.Monthly(32));
    }
}
