package carillon.dialect.chronos;

import static org.assertj.core.api.Assertions.assertThat;

import carillon.dialect.Sample;
import carillon.json.Json;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;

final class CronFormTest {
    @ParameterizedTest
    @CsvFileSource(
            resources = "/carillon/dialect/chronos/native-schedules.csv",
            delimiter = '|',
            quoteCharacter = '\'')
    void schedules_of_other_apis_show_as_cron_text(String schedule, String cron) {
        var definition = Sample.task(schedule, "GET");

        assertThat(CronForm.fits(definition)).isTrue();
        assertThat(CronForm.of(definition).orElseThrow().text()).isEqualTo(cron);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            textBlock =
                    """
                    {"frequency": "monthly", "time": "09:00", "day_of_month": 29}
                    {"frequency": "monthly", "time": "09:00", "day_of_month": 30}
                    {"at": "2030-01-01T00:00:00Z"}
                    null
                    """)
    void schedules_without_cron_text_do_not_show(String schedule) {
        assertThat(CronForm.fits(Sample.task(schedule, "GET"))).isFalse();
    }

    @Test
    void tasks_that_call_nothing_do_not_show() {
        assertThat(CronForm.fits(Sample.idle())).isFalse();
        assertThat(CronForm.of(Sample.idle())).isNotEqualTo(Optional.empty());
    }

    @Test
    void the_cron_text_of_a_calendar_names_the_same_times() {
        var calendar =
                Sample.task(
                        """
                        {"frequency": "monthly", "time": "02:30", "day_of_month": 31,
                         "timezone": "America/New_York"}
                        """,
                        "GET");
        var shown = CronForm.of(calendar).orElseThrow();
        var cron = Sample.task(Json.write(shown.toNative()), "GET");

        assertThat(Sample.fireTimes(cron, 100)).isEqualTo(Sample.fireTimes(calendar, 100));
    }
}
