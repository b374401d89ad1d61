package carillon.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class EveryTest {
    private static final Instant ANCHOR = Instant.parse("2026-03-01T00:00:00.250Z");

    @Test
    void fire_times_are_whole_intervals_from_the_anchor_in_both_directions() {
        var every = new Every(Duration.ofMillis(400), ANCHOR);

        assertThat(every.next(ANCHOR)).contains(FireTime.of(ANCHOR.plusMillis(400)));
        assertThat(every.next(ANCHOR.minusNanos(1))).contains(FireTime.of(ANCHOR));
        assertThat(every.previous(ANCHOR)).contains(FireTime.of(ANCHOR.minusMillis(400)));
        assertThat(every.previous(ANCHOR.plusNanos(1))).contains(FireTime.of(ANCHOR));
    }

    @Test
    void previous_is_the_mirror_of_next() {
        long seed = 20260716;
        var random = new Random(seed);
        for (int i = 0; i < 5_000; i++) {
            var every = new Every(Duration.ofMillis(1 + random.nextInt(1_000_000)), ANCHOR);
            var at = ANCHOR.plusNanos(random.nextLong(1L << 60) - (1L << 59));
            var next = every.next(at).orElseThrow().at();

            assertThat(next).as("seed %d", seed).isAfter(at);
            assertThat(every.previous(next).orElseThrow().at())
                    .as("seed %d", seed)
                    .isBeforeOrEqualTo(at)
                    .isEqualTo(next.minus(every.interval()));
        }
    }

    @Test
    void what_is_finer_than_a_millisecond_is_dropped() {
        var every = new Every(Duration.ofNanos(1_500_000), ANCHOR.plusNanos(900));

        assertThat(every.interval()).isEqualTo(Duration.ofMillis(1));
        assertThat(every.anchor()).isEqualTo(ANCHOR);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Every(Duration.ofNanos(999_999), ANCHOR));
    }
}
