package carillon.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class SpreadTest {
    @Test
    void a_delay_is_stable_below_its_maximum_and_even() {
        var max = Duration.ofSeconds(10);
        var perSecond = new int[10];
        for (long spread = 0; spread < 10_000; spread++) {
            var delay = Spread.delay(max, spread);
            assertThat(delay).isEqualTo(Spread.delay(max, spread)).isLessThan(max);
            perSecond[(int) delay.toSeconds()]++;
        }

        assertThat(IntStream.of(perSecond).boxed())
                .allSatisfy(count -> assertThat(count).isBetween(850, 1_150));
    }

    @Test
    void no_maximum_means_no_delay() {
        assertThat(Spread.delay(Duration.ZERO, 7)).isZero();
        assertThat(Spread.delay(Duration.ofSeconds(-1), 7)).isZero();
        assertThat(Spread.delay(Duration.ofNanos(10), 7)).isZero();
    }
}
