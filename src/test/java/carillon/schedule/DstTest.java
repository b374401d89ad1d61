package carillon.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import carillon.schedule.DstPolicy.Gap;
import carillon.schedule.DstPolicy.Overlap;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Days on which clocks changed, by name.
final class DstTest {
    private static final DstPolicy SKIP_BOTH = new DstPolicy(Gap.SKIP, Overlap.BOTH);

    /// What fires on a local date, in the form "HH:mm:ss+offset mark fate".
    private static List<String> on(String date, String text, String zone, DstPolicy dst) {
        var id = ZoneId.of(zone);
        var day = LocalDate.parse(date);
        return Timetable.of(new Cron(text, id, dst, 0))
                .between(
                        day.atStartOfDay(id).toInstant(),
                        day.plusDays(1).atStartOfDay(id).toInstant())
                .map(
                        fireTime -> {
                            var local = fireTime.at().atZone(id);
                            var time = local.toLocalTime() + local.getOffset().getId();
                            return time + " " + fireTime.mark() + " " + fireTime.fate();
                        })
                .toList();
    }

    @ParameterizedTest
    @CsvSource({
        "America/New_York, 2026-03-08, 30 2 * * *, 03:00-04:00 GAP RUN",
        "Europe/London, 2026-03-29, 30 1 * * *, 02:00+01:00 GAP RUN",
        "Australia/Lord_Howe, 2026-10-04, 15 2 * * *, 02:30+11:00 GAP RUN",
        "America/Sao_Paulo, 2018-11-04, 0 0 * * *, 01:00-02:00 GAP RUN",
        "Africa/Cairo, 2026-04-24, 0 0 * * *, 01:00+03:00 GAP RUN",
        "Pacific/Apia, 2011-12-31, 0 9 30 * *, 00:00+14:00 GAP RUN",
        "Africa/Casablanca, 2026-03-22, 30 2 * * *, 03:00+01:00 GAP RUN"
    })
    void a_time_in_a_gap_fires_as_soon_as_the_gap_is_over(
            String zone, String date, String text, String expected) {
        assertThat(on(date, text, zone, DstPolicy.DEFAULT)).containsExactly(expected);
        assertThat(on(date, text, zone, SKIP_BOTH))
                .containsExactly(expected.replace("RUN", "SKIPPED_BY_DST"));
    }

    @ParameterizedTest
    @CsvSource({
        "America/New_York, 2026-11-01, 30 1 * * *, 01:30-04:00, 01:30-05:00",
        "Europe/London, 2026-10-25, 30 1 * * *, 01:30+01:00, 01:30Z",
        "Australia/Lord_Howe, 2026-04-05, 45 1 * * *, 01:45+11:00, 01:45+10:30",
        "America/Sao_Paulo, 2019-02-16, 30 23 * * *, 23:30-02:00, 23:30-03:00",
        "Africa/Cairo, 2026-10-29, 30 23 * * *, 23:30+03:00, 23:30+02:00",
        "Africa/Casablanca, 2026-02-15, 30 2 * * *, 02:30+01:00, 02:30Z"
    })
    void a_time_that_exists_twice_fires_first_or_both_times(
            String zone, String date, String text, String first, String second) {
        assertThat(on(date, text, zone, DstPolicy.DEFAULT)).containsExactly(first + " OVERLAP RUN");
        assertThat(on(date, text, zone, SKIP_BOTH))
                .containsExactly(first + " OVERLAP RUN", second + " OVERLAP RUN");
    }

    @ParameterizedTest
    @CsvSource({
        "America/New_York, 2026-03-08, 23",
        "America/New_York, 2026-11-01, 25",
        "America/New_York, 2026-06-01, 24",
        "Pacific/Apia, 2011-12-31, 24",
        "Europe/London, 2026-03-29, 23",
        "Africa/Cairo, 2026-04-24, 23"
    })
    void an_hourly_task_follows_elapsed_time(String zone, String date, int runs) {
        assertThat(on(date, "0 * * * *", zone, DstPolicy.DEFAULT)).hasSize(runs);
        assertThat(on(date, "0 * * * *", zone, SKIP_BOTH)).hasSize(runs);
    }

    @Test
    void a_stepped_hour_makes_no_slot_up_and_a_listed_hour_does() {
        var zone = "America/New_York";

        assertThat(on("2026-03-08", "30 */2 * * *", zone, DstPolicy.DEFAULT))
                .hasSize(11)
                .noneMatch(slot -> slot.contains("GAP"));
        assertThat(on("2026-03-08", "30 1,2 * * *", zone, DstPolicy.DEFAULT))
                .containsExactly("01:30-05:00 NONE RUN", "03:00-04:00 GAP RUN");
        assertThat(on("2026-03-08", "30 0-23 * * *", zone, DstPolicy.DEFAULT)).hasSize(24);
    }

    @Test
    void a_regular_fire_time_wins_over_one_from_the_gap() {
        assertThat(on("2026-03-08", "0 2,3 * * *", "America/New_York", SKIP_BOTH))
                .containsExactly("03:00-04:00 NONE RUN");
    }

    @Test
    void many_times_in_one_gap_are_one_fire_time() {
        assertThat(on("2026-03-08", "* 2 * * *", "America/New_York", DstPolicy.DEFAULT))
                .containsExactly("03:00-04:00 GAP RUN");
    }

    @Test
    void every_minute_of_an_hour_that_exists_twice_comes_in_order() {
        var fires = on("2026-11-01", "*/20 1 * * *", "America/New_York", SKIP_BOTH);

        assertThat(fires)
                .containsExactly(
                        "01:00-04:00 OVERLAP RUN",
                        "01:20-04:00 OVERLAP RUN",
                        "01:40-04:00 OVERLAP RUN",
                        "01:00-05:00 OVERLAP RUN",
                        "01:20-05:00 OVERLAP RUN",
                        "01:40-05:00 OVERLAP RUN");
    }

    @Test
    void the_day_that_apia_never_had_is_one_gap() {
        var cron = new Cron("0 9 * * *", ZoneId.of("Pacific/Apia"), DstPolicy.DEFAULT, 0);
        var fires =
                Timetable.of(cron)
                        .between(
                                Instant.parse("2011-12-29T00:00:00Z"),
                                Instant.parse("2012-01-01T00:00:00Z"))
                        .map(fireTime -> fireTime.at() + " " + fireTime.mark())
                        .toList();

        assertThat(fires)
                .containsExactly(
                        "2011-12-29T19:00:00Z NONE",
                        "2011-12-30T10:00:00Z GAP",
                        "2011-12-30T19:00:00Z NONE",
                        "2011-12-31T19:00:00Z NONE");
    }
}
