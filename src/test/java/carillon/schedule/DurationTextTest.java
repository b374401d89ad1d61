package carillon.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DurationTextTest {
    @ParameterizedTest
    @CsvSource({
        "300ms, PT0.3S",
        "5s, PT5S",
        "1h30m, PT1H30M",
        "1.5s, PT1.5S",
        "2d, PT48H",
        "PT5M, PT5M",
        "0, PT0S",
        "0s, PT0S",
        ".5h, PT30M",
        "1d2h3m4s5ms, PT26H3M4.005S",
        "7ns, PT0.000000007S",
        "p1dt1h, PT25H",
        "250us, PT0.00025S",
        "250\u00b5s, PT0.00025S"
    })
    void the_form_of_people_is_read(String text, Duration expected) {
        assertThat(DurationText.parse(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "5m, PT5M",
        "1h30m, PT1H30M",
        "1.5s, PT1.5S",
        "-1m, PT-1M",
        "+2s, PT2S",
        "0, PT0S",
        "-0, PT0S",
        "1m0.25s, PT1M0.25S",
        "1.s, PT1S"
    })
    void the_form_of_go_is_read(String text, Duration expected) {
        assertThat(DurationText.parseGo(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''      | 0 | expected a duration such as",
                "5       | 1 | a unit is missing; expected ms, s, m, h or d",
                "5x      | 1 | unknown unit \"x\"",
                "1h30    | 4 | a unit is missing",
                "-5s     | 0 | expected a duration such as",
                "5s abc  | 1 | unknown unit \"s abc\"",
                "s       | 0 | expected a duration such as",
                ".s      | 0 | expected a duration such as",
                "PT5X    | 0 | expected a duration such as",
                "PT-5M   | 0 | must not be negative",
                "999999d | 0 | longer than 292 years",
                "5M      | 1 | unknown unit \"M\""
            })
    void a_fault_names_its_position_and_what_was_expected(
            String text, int position, String message) {
        var fault = catchThrowableOfType(ScheduleException.class, () -> DurationText.parse(text));

        assertThat(fault).hasMessageContaining(message);
        assertThat(fault.position()).isEqualTo(position);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-", "5", "300", "2d", "PT5M", "5 s", "1e3s", "abc", "9999999h"})
    void go_refuses_bare_numbers_days_and_iso(String text) {
        assertThatThrownBy(() -> DurationText.parseGo(text)).isInstanceOf(ScheduleException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "PT5M, 5m0s",
        "PT1H30M, 1h30m0s",
        "PT1.5S, 1.5s",
        "PT0.3S, 300ms",
        "PT0S, 0s",
        "PT48H, 48h0m0s",
        "PT-1M, -1m0s",
        "PT0.0000015S, 1.5\u00b5s",
        "PT1H0.01S, 1h0m0.01s"
    })
    void the_form_of_go_is_written(Duration duration, String expected) {
        assertThat(DurationText.toGo(duration)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "PT5M, 5m",
        "PT1H30M, 1h30m",
        "PT0.3S, 300ms",
        "PT48H, 2d",
        "PT36H, 36h",
        "PT1.5S, 1.5s",
        "PT1H1S, 1h1s",
        "PT0S, 0s",
        "PT1M, 1m",
        "PT24H0.001S, 24h0.001s"
    })
    void the_short_form_is_written(Duration duration, String expected) {
        assertThat(DurationText.write(duration)).isEqualTo(expected);
    }

    @Test
    void what_was_written_is_read_back_as_the_same_duration() {
        long seed = 20260301;
        var random = new Random(seed);
        for (int i = 0; i < 2_000; i++) {
            var duration = Duration.ofNanos(random.nextLong(Long.MAX_VALUE) >> random.nextInt(62));

            assertThat(DurationText.parse(DurationText.write(duration)))
                    .as("seed %d", seed)
                    .isEqualTo(duration);
            assertThat(DurationText.parseGo(DurationText.toGo(duration)))
                    .as("seed %d", seed)
                    .isEqualTo(duration);
        }
    }
}
