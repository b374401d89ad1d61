package carillon.perform;

import static org.assertj.core.api.Assertions.assertThat;

import carillon.ai.Limits;
import carillon.quota.Left;
import carillon.quota.Told;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RateHeadersTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    @Test
    void the_headers_of_openai_are_read() {
        var told =
                RateHeaders.read(
                        Map.of(
                                "x-ratelimit-limit-requests", "60",
                                "x-ratelimit-limit-tokens", "150000",
                                "x-ratelimit-remaining-requests", "59",
                                "x-ratelimit-remaining-tokens", "149984",
                                "x-ratelimit-reset-requests", "1s",
                                "x-ratelimit-reset-tokens", "6m0s"),
                        NOW);
        assertThat(told)
                .isEqualTo(
                        new Told(
                                new Limits(
                                        OptionalLong.of(60),
                                        OptionalLong.of(150_000),
                                        OptionalLong.empty()),
                                new Left(59, NOW.plusSeconds(1)),
                                new Left(149_984, NOW.plusSeconds(360))));
    }

    @Test
    void the_headers_of_anthropic_are_read() {
        var told =
                RateHeaders.read(
                        Map.of(
                                "anthropic-ratelimit-requests-limit", "50",
                                "anthropic-ratelimit-requests-remaining", "0",
                                "anthropic-ratelimit-requests-reset", "2026-03-01T12:00:09Z",
                                "anthropic-ratelimit-input-tokens-limit", "40000",
                                "anthropic-ratelimit-input-tokens-remaining", "1000",
                                "anthropic-ratelimit-input-tokens-reset", "2026-03-01T12:00:20Z"),
                        NOW);
        assertThat(told.limits().requestsPerMinute()).hasValue(50);
        assertThat(told.limits().tokensPerMinute()).hasValue(40_000);
        assertThat(told.requests()).isEqualTo(new Left(0, NOW.plusSeconds(9)));
        assertThat(told.tokens()).isEqualTo(new Left(1_000, NOW.plusSeconds(20)));
    }

    @ParameterizedTest
    @CsvSource({
        "6m0s, 360000",
        "1s, 1000",
        "20ms, 20",
        "1h2m3.5s, 3723500",
        "2m59.56s, 179560",
        "12, 12000",
        "7.66, 7660",
        "0s, 0",
        "1d, 86400000",
        "9d, 86400000",
        "850us, 0"
    })
    void lengths_of_time_are_read(String text, long millis) {
        assertThat(reset(text).until().toEpochMilli()).isEqualTo(NOW.toEpochMilli() + millis);
    }

    private static Left reset(String text) {
        return RateHeaders.read(
                        Map.of(
                                "x-ratelimit-remaining-requests",
                                "3",
                                "x-ratelimit-reset-requests",
                                text),
                        NOW)
                .requests();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "soon", "-5s", "1s and more", "5 s", "99999999999999999999s", "1x"})
    void what_cannot_be_read_is_not_there(String text) {
        assertThat(reset(text)).isEqualTo(Left.UNKNOWN);
    }

    @Test
    void limits_that_are_none_are_not_there() {
        for (var text : new String[] {"0", "-1", "many", "1.5", "99999999999999999999"}) {
            var told = RateHeaders.read(Map.of("x-ratelimit-limit-tokens", text), NOW);
            assertThat(told).isEqualTo(Told.NOTHING);
        }
        assertThat(RateHeaders.read(Map.of(), NOW)).isEqualTo(Told.NOTHING);
    }

    @Test
    void the_wait_of_google_is_read() {
        assertThat(RetryAfter.readDelay("34.5s")).hasValue(Duration.ofMillis(34_500));
        assertThat(RetryAfter.readDelay("34")).isEmpty();
        assertThat(RetryAfter.readDelay("0s")).isEmpty();
    }
}
