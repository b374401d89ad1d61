package carillon.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import carillon.outbox.Delivery.Kind;
import carillon.outbox.Delivery.Progress;
import carillon.outbox.Delivery.State;
import carillon.outbox.Delivery.Subject;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class EndingTest {
    private static final Instant MADE = Instant.parse("2026-03-01T12:00:00Z");
    private static final Backoff BACKOFF =
            new Backoff(4, Duration.ofSeconds(5), Duration.ofSeconds(12));

    private static Delivery delivery(int attempts) {
        var progress =
                new Progress(
                        State.PENDING,
                        attempts,
                        MADE,
                        "",
                        MADE,
                        Optional.empty(),
                        Optional.empty());
        return new Delivery(
                7,
                Kind.PROCESSOR,
                new Subject(1, 2),
                0,
                "slack",
                "there",
                Optional.empty(),
                progress);
    }

    private static Ending ending(int attempts, Carried carried, Instant now) {
        return Ending.of(delivery(attempts), carried, BACKOFF, now, new Random(1));
    }

    private static Carried failed(Duration asked) {
        return new Carried.Failed("answered 503", Optional.of(asked));
    }

    @Test
    void what_was_done_is_delivered_and_what_was_refused_is_given_up() {
        assertThat(ending(1, new Carried.Done(), MADE)).isEqualTo(new Ending.Delivered());
        assertThat(ending(1, new Carried.Refused("answered 404"), MADE))
                .isEqualTo(new Ending.GivenUp("answered 404"));
    }

    @Test
    void the_waits_double_up_to_the_longest_and_half_of_each_is_chance() {
        var dice = new Random(2);
        long[] longest = {5, 10, 12, 12, 12};
        for (int round = 0; round < 200; round++) {
            for (int made = 1; made <= 5; made++) {
                var max = Duration.ofSeconds(longest[made - 1]);
                assertThat(BACKOFF.delay(made, dice)).isBetween(max.dividedBy(2), max);
            }
        }
        assertThat(Backoff.DEFAULT.delay(Backoff.MAX_ATTEMPTS, dice))
                .isBetween(Duration.ofMinutes(30), Duration.ofHours(1));
    }

    @Test
    void the_last_attempt_is_the_last() {
        assertThat(ending(3, failed(Duration.ZERO), MADE)).isInstanceOf(Ending.Again.class);
        assertThat(ending(4, failed(Duration.ZERO), MADE))
                .isEqualTo(new Ending.GivenUp("answered 503 (given up after 4 attempts)"));
    }

    @Test
    void a_longer_wait_that_the_target_asks_for_is_kept() {
        var asked = Duration.ofMinutes(7);
        assertThat(ending(1, failed(asked), MADE))
                .isEqualTo(new Ending.Again(MADE.plus(asked), "answered 503"));
    }

    @Test
    void nothing_is_tried_later_than_a_day_after_it_was_made() {
        var late = MADE.plus(Duration.ofHours(24));
        assertThat(ending(2, failed(Duration.ZERO), late))
                .isEqualTo(new Ending.GivenUp("answered 503 (given up after a day)"));
        assertThat(ending(2, failed(Duration.ofHours(25)), MADE))
                .isInstanceOf(Ending.GivenUp.class);
    }

    @Test
    void the_standard_backoff_lasts_for_a_day() {
        var dice = new Random(3);
        var whole = Duration.ZERO;
        for (int made = 1; made < Backoff.DEFAULT.attempts(); made++) {
            whole = whole.plus(Backoff.DEFAULT.delay(made, dice));
        }
        assertThat(whole).isGreaterThan(Duration.ofHours(20));
    }
}
