package carillon.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import carillon.schedule.Calendar.When;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DescribeTest {
    private static final ZoneId NEW_YORK = ZoneId.of("America/New_York");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0 9 * * MON-FRI      | at 09:00 on weekdays",
                "0 9 * * *            | at 09:00 every day",
                "0 9,17 * * SAT,SUN   | at 09:00 and 17:00 on weekends",
                "30 15 10 * * *       | at 10:15:30 every day",
                "* * * * *            | every minute",
                "*/5 * * * *          | every 5 minutes",
                "*/7 * * * *          | every 7 minutes from minute 0",
                "* * * * * *          | every second",
                "*/10 * * * * *       | every 10 seconds",
                "30 * * * * *         | at second 30 of every minute",
                "0 * * * *            | every hour",
                "30 * * * *           | at minute 30 of every hour",
                "0 */6 * * *          | every 6 hours",
                "0 9-17 * * 1-5       | every hour from 09:00 to 17:00 on weekdays",
                "*/10 9-17 * * 1-5    | every 10 minutes from 09:00 to 17:59 on weekdays",
                "15,45 */2 * * *      | at minutes 15 and 45 in every 2nd hour",
                "0 0 1 1 *            | at 00:00 on 1 January",
                "0 0 1,15 * *         | at 00:00 on days 1 and 15 of the month",
                "0 0 1,15 1-3 *       | at 00:00 on days 1 and 15 of January to March",
                "0 0 L * *            | at 00:00 on the last day of the month",
                "0 0 LW 3,6 *         | at 00:00 on the last weekday of March and June",
                "0 12 15W * *         | at 12:00 on the weekday nearest day 15 of the month",
                "0 0 */2 * *          | at 00:00 on every 2nd day of the month",
                "0 0 * 1,7 *          | at 00:00 every day in January and July",
                "0 8 * * MON,WED,FRI  | at 08:00 on Mondays, Wednesdays and Fridays",
                "0 0 * * FRI#L        | at 00:00 on the last Friday of the month",
                "0 0 * * MON#1 | at 00:00 on the first Monday of the month",
                "0 12 1 * MON         | at 12:00 on day 1 of the month and also on Mondays",
                "0 0 13 * +FRI | at 00:00 on day 13 of the month, but only if it is a Friday",
                "0 0 0 1 1 * 2030-2032 | at 00:00 on 1 January in 2030 to 2032"
            })
    void cron_is_told_in_plain_english(String text, String expected) {
        var schedule = Schedules.cron(text, NEW_YORK, DstPolicy.DEFAULT, 42, Instant.EPOCH);

        assertThat(schedule.describe()).isEqualTo(expected + ", New York time");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "CRON_TZ=UTC @daily   | at 00:00 every day, UTC",
                "CRON_TZ=+05:30 @daily | at 00:00 every day, UTC+05:30",
                "CRON_TZ=America/Argentina/Ushuaia @weekly | at 00:00 on Sundays, Ushuaia time",
                "@every 90s           | every 1 minute 30 seconds",
                "@every 15m           | every 15 minutes",
                "@every 1h            | every hour"
            })
    void zones_and_intervals_are_told(String text, String expected) {
        var schedule = Schedules.cron(text, NEW_YORK, DstPolicy.DEFAULT, 42, Instant.EPOCH);

        assertThat(schedule.describe()).isEqualTo(expected);
    }

    @Test
    void the_other_kinds_are_told_too() {
        var time = LocalTime.of(9, 5, 30);

        assertThat(new Calendar(new When.Daily(), time, NEW_YORK, DstPolicy.DEFAULT).describe())
                .isEqualTo("at 09:05:30 every day, New York time");
        assertThat(
                        new Calendar(
                                        new When.Weekly(DayOfWeek.SUNDAY),
                                        time,
                                        NEW_YORK,
                                        DstPolicy.DEFAULT)
                                .describe())
                .isEqualTo("at 09:05:30 on Sundays, New York time");
        assertThat(new Calendar(new When.Monthly(31), time, NEW_YORK, DstPolicy.DEFAULT).describe())
                .isEqualTo("at 09:05:30 on day 31 of the month, or its last day, New York time");
        assertThat(new Once(Instant.parse("2026-03-01T09:00:00Z")).describe())
                .isEqualTo("once, on 1 March 2026 at 09:00 UTC");
    }

    @Test
    void every_expression_has_a_sentence() {
        long seed = 20260717;
        for (int i = 0; i < 2_000; i++) {
            var random = new Random(seed + i);
            var text = RandomCron.make(random, 2026).text();
            try {
                assertThat(new Cron(text, NEW_YORK, DstPolicy.DEFAULT, 0).describe())
                        .as("seed %d: %s", seed + i, text)
                        .endsWith(", New York time")
                        .doesNotContain("  ")
                        .doesNotContain(" ,")
                        .matches("(at|every|on the hour) .*");
            } catch (ScheduleException e) {
                assertThat(e).hasMessageContaining("can never fire");
            }
        }
    }
}
