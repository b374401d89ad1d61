package carillon.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What the language means, version by version of OCPS, and what it refuses.
final class CronTest {
    private static final LocalDateTime START = LocalDateTime.parse("2026-03-01T00:00");

    private static Cron cron(String text) {
        return new Cron(text, ZoneOffset.UTC, DstPolicy.DEFAULT, 42);
    }

    /// The first three fire times from the start of March 2026 (a Sunday) on, as local UTC times.
    private static String firstThree(Schedule schedule) {
        return Timetable.of(schedule)
                .between(START.toInstant(ZoneOffset.UTC), Instant.parse("2199-12-31T00:00:00Z"))
                .limit(3)
                .map(fireTime -> LocalDateTime.ofInstant(fireTime.at(), ZoneOffset.UTC).toString())
                .collect(Collectors.joining(" "));
    }

    @ParameterizedTest
    @CsvSource({
        "15 10 1 10 *, 2026-10-01T10:15 2027-10-01T10:15 2028-10-01T10:15",
        "*/15 * * * *, 2026-03-01T00:00 2026-03-01T00:15 2026-03-01T00:30",
        "5-59/15 0 * * *, 2026-03-01T00:05 2026-03-01T00:20 2026-03-01T00:35",
        "'0 0-2,12 * * *', 2026-03-01T00:00 2026-03-01T01:00 2026-03-01T02:00",
        "0 9 * jun mOn-fri, 2026-06-01T09:00 2026-06-02T09:00 2026-06-03T09:00",
        "0 12 2 * MON, 2026-03-02T12:00 2026-03-09T12:00 2026-03-16T12:00",
        "0 0 * * 7, 2026-03-01T00:00 2026-03-08T00:00 2026-03-15T00:00",
        "0 0 * * 0, 2026-03-01T00:00 2026-03-08T00:00 2026-03-15T00:00",
        "0 0 * * SAT-SUN, 2026-03-01T00:00 2026-03-07T00:00 2026-03-08T00:00",
        "0 0 * * 5-7, 2026-03-01T00:00 2026-03-06T00:00 2026-03-07T00:00",
        "0 0 */10 * *, 2026-03-01T00:00 2026-03-11T00:00 2026-03-21T00:00",
        "'0 0 */10 * TUE', 2026-03-01T00:00 2026-03-03T00:00 2026-03-10T00:00",
        "0 0 29 2 *, 2028-02-29T00:00 2032-02-29T00:00 2036-02-29T00:00",
        "*/90 5 * * *, 2026-03-01T05:00 2026-03-02T05:00 2026-03-03T05:00"
    })
    void ocps_1_0_is_understood(String text, String expected) {
        assertThat(firstThree(cron(text))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "@yearly, 0 0 1 1 *",
        "@annually, 0 0 1 1 *",
        "@monthly, 0 0 1 * *",
        "@weekly, 0 0 * * 0",
        "@daily, 0 0 * * *",
        "@midnight, 0 0 * * *",
        "@hourly, 0 * * * *"
    })
    void ocps_1_1_nicknames_stand_for_their_fields(String nickname, String fields) {
        assertThat(firstThree(cron(nickname))).isEqualTo(firstThree(cron(fields)));
        assertThat(cron(nickname).describe()).isEqualTo(cron(fields).describe());
    }

    @ParameterizedTest
    @CsvSource({
        "30 15 10 * * *, 2026-03-01T10:15:30 2026-03-02T10:15:30 2026-03-03T10:15:30",
        "*/20 * * * * *, 2026-03-01T00:00 2026-03-01T00:00:20 2026-03-01T00:00:40",
        "0 0 12 1 1 * 2030-2032, 2030-01-01T12:00 2031-01-01T12:00 2032-01-01T12:00",
        "0 0 0 1 1 * */2, 2028-01-01T00:00 2030-01-01T00:00 2032-01-01T00:00",
        "'0 0 0 1 1 * 2027,2199', 2027-01-01T00:00 2199-01-01T00:00"
    })
    void ocps_1_2_seconds_and_years_are_understood(String text, String expected) {
        assertThat(firstThree(cron(text))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "0 0 L * *, 2026-03-31T00:00 2026-04-30T00:00 2026-05-31T00:00",
        "'0 0 1,L * *', 2026-03-01T00:00 2026-03-31T00:00 2026-04-01T00:00",
        "0 0 LW * *, 2026-03-31T00:00 2026-04-30T00:00 2026-05-29T00:00",
        "0 12 15W * *, 2026-03-16T12:00 2026-04-15T12:00 2026-05-15T12:00",
        "0 12 1W 8 *, 2026-08-03T12:00 2027-08-02T12:00 2028-08-01T12:00",
        "0 0 31W * *, 2026-03-31T00:00 2026-05-29T00:00 2026-07-31T00:00",
        "0 0 * * 5L, 2026-03-27T00:00 2026-04-24T00:00 2026-05-29T00:00",
        "0 0 * * FRI#L, 2026-03-27T00:00 2026-04-24T00:00 2026-05-29T00:00",
        "0 0 * * friL, 2026-03-27T00:00 2026-04-24T00:00 2026-05-29T00:00",
        "0 0 * * 2#3, 2026-03-17T00:00 2026-04-21T00:00 2026-05-19T00:00",
        "0 0 * * MON#5, 2026-03-30T00:00 2026-06-29T00:00 2026-08-31T00:00",
        "'0 0 * * MON#1,7#L', 2026-03-02T00:00 2026-03-29T00:00 2026-04-06T00:00"
    })
    void ocps_1_3_last_nth_and_nearest_weekday_are_understood(String text, String expected) {
        assertThat(firstThree(cron(text))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "0 12 1 * +MON, 2026-06-01T12:00 2027-02-01T12:00 2027-03-01T12:00",
        "0 0 13 * +FRI, 2026-03-13T00:00 2026-11-13T00:00 2027-08-13T00:00",
        "0 0 ? * MON, 2026-03-02T00:00 2026-03-09T00:00 2026-03-16T00:00",
        "0 0 31 * ?, 2026-03-31T00:00 2026-05-31T00:00 2026-07-31T00:00",
        "0 0 * * +WED, 2026-03-04T00:00 2026-03-11T00:00 2026-03-18T00:00"
    })
    void ocps_1_4_plus_and_question_mark_are_understood(String text, String expected) {
        assertThat(firstThree(cron(text))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''             | 0  | expression (position 1): 0 fields; expected 5",
                "* * * *        | 7  | expression (position 8): 4 fields; expected 5",
                "* * * * * * * * | 14 | expression (position 15): 8 fields",
                "60 * * * *     | 0  | minute (position 1): 60 is out of range; expected 0-59",
                "* 24 * * *     | 2  | hour (position 3): 24 is out of range; expected 0-23",
                "* * 32 * *     | 4  | day of month (position 5): 32 is out of range",
                "* * 0 * *      | 4  | day of month (position 5): 0 is out of range",
                "* * * 13 *     | 6  | month (position 7): 13 is out of range; expected 1-12",
                "* * * * 8      | 8  | day of week (position 9): 8 is out of range; expected 0-7",
                "0 60 * * * *   | 2  | minute (position 3): 60 is out of range",
                "61 0 * * * *   | 0  | second (position 1): 61 is out of range",
                "0 0 0 1 1 * 1969 | 12 | year (position 13): 1969 is out of range",
                "* 22-6 * * *   | 2  | the range 22-6 runs backwards; write it as two, 22-23,0-6",
                "* * * * SAT-MON | 8 | the range SAT-MON runs backwards; write it as two, 6,0-1",
                "0/15 * * * *   | 1  | a step needs a range in front of it; write 0-59/15",
                "/30 * * * *    | 0  | minute (position 1): unexpected \"/\"; expected 0-59",
                "*/0 * * * *    | 2  | a step of 0 never ends; expected 1 or more",
                "*/ * * * *     | 2  | a value is missing; expected a step of 1 or more",
                "5,,6 * * * *   | 2  | unexpected \",\"; expected 0-59",
                "5, * * * *     | 2  | a value is missing",
                "? * * * *      | 0  | unexpected \"?\"",
                "* * +1 * *     | 4  | + may only be the first character of the day of week",
                "* * * * MON,+TUE | 12 | + may only be the first character of the day of week",
                "* * 1-15W * *  | 8  | W belongs to a single value and not to a range",
                "* * 1,15W * *  | 4  | W means one day and must stand alone",
                "* * l * *      | 4  | unexpected \"l\"",
                "* * L-3 * *    | 5  | expected L or LW",
                "* * * FOO *    | 6  | unexpected \"F\"; expected 1-12, JAN-DEC",
                "* * * * MONDAY | 11 | expected a comma or the end of the field",
                "* * * * FRI#6  | 12 | expected 1 to 5 or L after #",
                "* * * * FRI#0  | 12 | expected 1 to 5 or L after #",
                "* * * * L      | 8  | day of week (position 9): unexpected \"L\"",
                "5L * * * *     | 1  | # and L after a value only in the day of week",
                "5W * * * *     | 1  | W only in the day of month",
                "H(9-5) * * * * | 0  | runs backwards",
                "H(1-5 * * * *  | 5  | expected H, H(0-29), H/15 or H(0-29)/10",
                "H/90 * * * *   | 1  | the step 90 is larger than the range",
                "0 0 0 1 1 * H  | 12 | a year cannot be picked by H",
                "99999 * * * *  | 0  | 99999 is out of range",
                "-5 * * * *     | 0  | unexpected \"-\"",
                "@Daily         | 0  | nickname (position 1): unknown \"@Daily\"; expected @yearly",
                "@daily 5       | 0  | nickname (position 1): unknown \"@daily 5\"",
                "@reboot        | 0  | @reboot is not supported: a durable scheduler",
                "CRON_TZ=Mars/X * * * * * | 8 | time zone (position 9): unknown zone \"Mars/X\"",
                "TZ=UTC 60 * * * * | 7 | minute (position 8): 60 is out of range"
            })
    void a_fault_names_the_field_the_position_and_what_was_expected(
            String text, int position, String message) {
        var fault = catchThrowableOfType(ScheduleException.class, () -> cron(text));

        assertThat(fault).as(text).isNotNull().hasMessageContaining(message);
        assertThat(fault.position()).as(text).isEqualTo(position);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0 0 30 2 *",
                "0 0 31 4,6,9,11 *",
                "0 0 31W 2 *",
                "0 0 0 29 2 * 2025-2027",
                "0 0 1-7 * +MON#2",
                "CRON_TZ=Asia/Tokyo 0 0 30 FEB *"
            })
    void what_can_never_fire_is_refused(String text) {
        var fault = catchThrowableOfType(ScheduleException.class, () -> cron(text));

        assertThat(fault).isNotNull().hasMessageContaining("can never fire");
        assertThat(fault.position()).isEqualTo(text.startsWith("CRON_TZ") ? 19 : 0);
    }

    @Test
    void a_line_break_and_an_endless_text_are_refused() {
        var lines = catchThrowableOfType(ScheduleException.class, () -> cron("* *\n* * *"));
        var endless =
                catchThrowableOfType(
                        ScheduleException.class,
                        () -> cron("1," + "1,".repeat(5_000) + "1 * * * *"));

        assertThat(lines.position()).isEqualTo(3);
        assertThat(endless).hasMessageContaining("longer than 512 characters");
    }

    @Test
    void years_only_in_the_past_are_no_fault_but_have_no_next() {
        var past = cron("0 0 0 1 1 * 2020");

        assertThat(past.next(START.toInstant(ZoneOffset.UTC))).isEmpty();
        assertThat(past.previous(START.toInstant(ZoneOffset.UTC)).map(FireTime::at))
                .contains(Instant.parse("2020-01-01T00:00:00Z"));
    }

    @Test
    void nothing_fires_before_1970_or_after_2199() {
        var daily = cron("@daily");

        assertThat(daily.next(Instant.parse("2199-12-30T23:59:59Z")).map(FireTime::at))
                .contains(Instant.parse("2199-12-31T00:00:00Z"));
        assertThat(daily.next(Instant.parse("2199-12-31T00:00:00Z"))).isEmpty();
        assertThat(daily.next(Instant.MAX)).isEmpty();
        assertThat(daily.next(Instant.MIN).map(FireTime::at)).contains(Instant.EPOCH);
        assertThat(daily.previous(Instant.EPOCH)).isEmpty();
        assertThat(daily.previous(Instant.MIN)).isEmpty();
        assertThat(daily.previous(Instant.MAX).map(FireTime::at))
                .contains(Instant.parse("2199-12-31T00:00:00Z"));
    }

    @Test
    void the_zone_in_the_text_wins_and_the_text_is_kept() {
        var cron =
                new Cron(
                        "  CRON_TZ=Asia/Tokyo  0 9 * * * ",
                        ZoneId.of("Europe/London"),
                        DstPolicy.DEFAULT,
                        0);

        assertThat(cron.zone()).isEqualTo(ZoneId.of("Asia/Tokyo"));
        assertThat(cron.text()).isEqualTo("  CRON_TZ=Asia/Tokyo  0 9 * * * ");
        assertThat(cron.next(Instant.parse("2026-03-01T00:00:00Z")).map(FireTime::at))
                .contains(Instant.parse("2026-03-02T00:00:00Z"));
        assertThat(cron("TZ=Asia/Tokyo 0 9 * * *").zone()).isEqualTo(ZoneId.of("Asia/Tokyo"));
    }

    @Test
    void a_hash_is_stable_per_spread_and_even_over_many() {
        var minutes = new int[60];
        for (long spread = 0; spread < 60_000; spread++) {
            var at = atSpread("H * * * *", spread);
            assertThat(at).isEqualTo(atSpread("H * * * *", spread));
            minutes[at.atZone(ZoneOffset.UTC).getMinute()]++;
        }

        assertThat(IntStream.of(minutes).boxed())
                .allSatisfy(count -> assertThat(count).isBetween(800, 1_200));
    }

    private static Instant atSpread(String text, long spread) {
        return new Cron(text, ZoneOffset.UTC, DstPolicy.DEFAULT, spread)
                .next(START.toInstant(ZoneOffset.UTC))
                .orElseThrow()
                .at();
    }

    @Test
    void the_hashes_of_two_fields_have_nothing_to_do_with_each_other() {
        var pairs = new HashSet<Integer>();
        LongStream.range(0, 20_000)
                .mapToObj(spread -> atSpread("H H * * *", spread).atZone(ZoneOffset.UTC))
                .forEach(at -> pairs.add(at.getHour() * 60 + at.getMinute()));

        assertThat(pairs).hasSizeGreaterThan(1_430);
    }

    @ParameterizedTest
    @CsvSource({
        "H/15 * * * *, 15, 0, 59",
        "H(0-29)/10 * * * *, 10, 0, 29",
        "H(10-19) * * * *, 60, 10, 19"
    })
    void a_hash_stays_in_its_range_and_keeps_its_step(String text, int step, int from, int to) {
        for (long spread = 0; spread < 200; spread++) {
            var first = atSpread(text, spread);
            var next =
                    new Cron(text, ZoneOffset.UTC, DstPolicy.DEFAULT, spread)
                            .next(first)
                            .orElseThrow();

            assertThat(first.atZone(ZoneOffset.UTC).getMinute()).isBetween(from, to);
            assertThat(Duration.between(first, next.at())).isEqualTo(Duration.ofMinutes(step));
        }
    }

    @Test
    void a_hashed_day_is_one_that_every_month_has() {
        for (long spread = 0; spread < 200; spread++) {
            var cron = new Cron("0 0 H * *", ZoneOffset.UTC, DstPolicy.DEFAULT, spread);
            var year =
                    Timetable.of(cron)
                            .count(
                                    Instant.parse("2026-01-01T00:00:00Z"),
                                    Instant.parse("2027-01-01T00:00:00Z"),
                                    100);

            assertThat(year).isEqualTo(12);
        }
    }

    @Test
    void expressions_are_equal_by_text_zone_policy_and_spread() {
        assertThat(cron("@daily")).isEqualTo(cron("@daily")).hasSameHashCodeAs(cron("@daily"));
        assertThat(cron("@daily")).isNotEqualTo(cron("0 0 * * *"));
        assertThat(cron("@daily"))
                .isNotEqualTo(new Cron("@daily", ZoneOffset.UTC, DstPolicy.DEFAULT, 43));
    }

    @Test
    void every_is_read_with_its_anchor_and_keeps_its_text() {
        var anchor = Instant.parse("2026-03-01T00:00:10Z");
        var schedule = Schedules.cron("@every 90s", ZoneOffset.UTC, DstPolicy.DEFAULT, 0, anchor);

        assertThat(schedule)
                .isEqualTo(new Every(Duration.ofSeconds(90), anchor, Optional.of("@every 90s")));
        assertThat(firstThree(schedule))
                .isEqualTo("2026-03-01T00:00:10 2026-03-01T00:01:40 2026-03-01T00:03:10");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "@every          | 6 | duration \"\" (position 7): expected a duration such as",
                "@every 5        | 8 | duration \"5\" (position 9): a unit is missing",
                "@every 1us      | 7 | 1us is too short; expected 1ms or more",
                "@every -5s      | 7 | duration \"-5s\" (position 8)",
                "@everyday       | 0 | expected a space and a duration, as in @every 90s"
            })
    void a_fault_in_an_interval_names_its_position(String text, int position, String message) {
        var fault =
                catchThrowableOfType(
                        ScheduleException.class,
                        () ->
                                Schedules.cron(
                                        text, ZoneOffset.UTC, DstPolicy.DEFAULT, 0, Instant.EPOCH));

        assertThat(fault).isNotNull().hasMessageContaining(message);
        assertThat(fault.position()).isEqualTo(position);
    }
}
