package carillon.budget;

import static org.assertj.core.api.Assertions.assertThat;

import carillon.budget.Forecast.Fires;
import carillon.schedule.Calendar;
import carillon.schedule.DstPolicy;
import carillon.schedule.Every;
import carillon.schedule.Once;
import carillon.schedule.Schedule;
import carillon.schedule.Schedules;
import carillon.schedule.Timetable;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class ForecastFiresTest {
    private static final Instant FROM = Instant.parse("2026-03-01T12:00:00Z");
    private static final Instant TO = FROM.plus(Forecasts.MONTH);
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    private static Fires fires(Schedule schedule) {
        return Forecasts.fires(Timetable.of(schedule), 0, FROM, TO);
    }

    private static Schedule cron(String text) {
        return Schedules.cron(text, BERLIN, DstPolicy.DEFAULT, 1, FROM);
    }

    @Test
    void each_kind_of_schedule_is_counted() {
        assertThat(fires(cron("0 9 * * *"))).isEqualTo(new Fires(30, true));
        assertThat(fires(cron("0 9 * * MON-FRI"))).isEqualTo(new Fires(22, true));
        assertThat(fires(new Every(Duration.ofHours(1), FROM))).isEqualTo(new Fires(720, true));
        var weekly =
                new Calendar(
                        new Calendar.When.Weekly(DayOfWeek.MONDAY),
                        LocalTime.of(9, 0),
                        BERLIN,
                        DstPolicy.DEFAULT);
        assertThat(fires(weekly)).isEqualTo(new Fires(5, true));
        assertThat(fires(new Once(FROM.plusSeconds(5)))).isEqualTo(new Fires(1, true));
        assertThat(fires(new Once(TO))).isEqualTo(new Fires(0, true));
    }

    @Test
    void a_very_frequent_schedule_is_counted_in_part() {
        var fires = fires(new Every(Duration.ofSeconds(1), FROM));
        assertThat(fires.exact()).isFalse();
        assertThat(fires.count()).isBetween(2_591_000L, 2_593_000L);
    }

    @Test
    void bounds_of_the_timetable_hold() {
        var hourly = new Every(Duration.ofHours(1), FROM);
        var ending =
                new Timetable(
                        hourly,
                        Optional.empty(),
                        Optional.of(FROM.plus(Duration.ofHours(9))),
                        OptionalLong.empty(),
                        Set.of(LocalDate.of(2026, 3, 1)));
        assertThat(Forecasts.fires(ending, 0, FROM, TO).count()).isZero();
        var limited =
                new Timetable(
                        hourly, Optional.empty(), Optional.empty(), OptionalLong.of(9), Set.of());
        assertThat(Forecasts.fires(limited, 0, FROM, TO)).isEqualTo(new Fires(9, true));
        assertThat(Forecasts.fires(limited, 7, FROM, TO)).isEqualTo(new Fires(2, true));
        assertThat(Forecasts.fires(limited, 9, FROM, TO)).isEqualTo(new Fires(0, true));
        var often =
                new Timetable(
                        new Every(Duration.ofMillis(1), FROM),
                        Optional.empty(),
                        Optional.empty(),
                        OptionalLong.of(100_000),
                        Set.of());
        assertThat(Forecasts.fires(often, 0, FROM, TO)).isEqualTo(new Fires(100_000, false));
    }

    @Test
    void sums_that_nobody_could_pay_do_not_overflow() {
        assertThat(Forecast.product(Long.MAX_VALUE, 3)).isEqualTo(Long.MAX_VALUE);
        assertThat(Forecast.product(1L << 62, 2)).isEqualTo(Long.MAX_VALUE);
        assertThat(Forecast.product(1_000, 3)).isEqualTo(3_000);
    }
}
