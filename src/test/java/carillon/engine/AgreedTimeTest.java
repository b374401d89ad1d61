package carillon.engine;

import static org.assertj.core.api.Assertions.assertThat;

import carillon.cluster.Holder;
import carillon.cluster.Node;
import carillon.cluster.NodeStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What time it is for a node whose clock is wrong.
final class AgreedTimeTest {
    private static final Instant TRUE = Instant.parse("2026-11-28T01:00:00Z");

    private Duration passed = Duration.ZERO;
    private Duration wrong = Duration.ZERO;
    private final Membership membership =
            new Membership(new Nodes(), "a", Duration.ofSeconds(10), () -> passed.toNanos());

    private Instant clock() {
        return TRUE.plus(passed).plus(wrong);
    }

    @Test
    void a_clock_that_is_about_right_is_taken_at_its_word() {
        assertThat(membership.agreed(clock())).isEqualTo(TRUE);
        wrong = Duration.ofMillis(900);
        assertThat(membership.runOnce(clock())).isAfter(clock());
        assertThat(membership.agreed(clock())).isEqualTo(clock());
    }

    @Test
    void one_that_is_wrong_is_corrected_by_what_the_others_said() {
        wrong = Duration.ofHours(-1);
        assertThat(membership.runOnce(clock())).isAfter(clock());
        passed = Duration.ofSeconds(2);
        assertThat(membership.agreed(clock())).isEqualTo(TRUE.plusSeconds(2));
    }

    @Test
    void one_that_is_set_is_known_beside_the_ticker_before_anybody_is_asked() {
        assertThat(membership.runOnce(clock())).isAfter(clock());
        passed = Duration.ofSeconds(1);
        wrong = Duration.ofHours(1);
        assertThat(membership.agreed(clock())).isEqualTo(TRUE.plusSeconds(1));
        wrong = Duration.ZERO;
        assertThat(membership.agreed(clock())).isEqualTo(TRUE.plusSeconds(1));
    }

    /// With a clock that is right.
    private final class Nodes implements NodeStore {
        @Override
        public Instant now(Instant now) {
            return TRUE.plus(passed);
        }

        @Override
        public Holder join(String node, Instant now, Instant leaseUntil) {
            return new Holder(node, 1);
        }

        @Override
        public boolean renew(Holder holder, Instant now, Instant leaseUntil) {
            return true;
        }

        @Override
        public void leave(Holder holder) {}

        @Override
        public Optional<Duration> untilNextEnd(Instant now) {
            return Optional.empty();
        }

        @Override
        public boolean isHeld() {
            return false;
        }

        @Override
        public List<Node> nodes() {
            return List.of();
        }
    }
}
