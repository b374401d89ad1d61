package carillon.quota;

import static org.assertj.core.api.Assertions.assertThat;

import carillon.ai.Limits;
import carillon.quota.Load.Ahead;
import carillon.quota.Load.Use;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

final class TurnTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final long SECOND = NOON.getEpochSecond();

    private static Quota quota(long requests, long tokens, long concurrent) {
        return Quota.UNKNOWN.saying(new Limits(limit(requests), limit(tokens), limit(concurrent)));
    }

    private static OptionalLong limit(long value) {
        return value == 0 ? OptionalLong.empty() : OptionalLong.of(value);
    }

    private static Load ahead(long calls, long tokens) {
        return Load.NONE.behind(new Ahead(calls, tokens));
    }

    private static Instant after(long seconds) {
        return NOON.plusSeconds(seconds);
    }

    @Test
    void without_limits_a_call_goes_at_once() {
        assertThat(Turn.of(Quota.UNKNOWN, ahead(1_000, 1_000_000), 7, NOON)).isEqualTo(NOON);
    }

    @Test
    void a_request_too_many_goes_when_the_oldest_is_surely_a_minute_ago() {
        var quota = quota(3, 0, 0);
        var uses = List.of(new Use(SECOND - 50, 1, 0), new Use(SECOND - 10, 2, 0));
        assertThat(Turn.of(quota, new Load(uses.subList(1, 2), 0, Ahead.NONE), 1, NOON))
                .isEqualTo(NOON);
        var full = new Load(uses, 0, Ahead.NONE);
        assertThat(Turn.of(quota, full, 1, NOON)).isEqualTo(after(11));
        assertThat(Turn.of(quota, full.behind(new Ahead(1, 0)), 1, NOON)).isEqualTo(after(51));
        assertThat(Turn.of(quota, full.behind(new Ahead(3, 0)), 1, NOON)).isEqualTo(after(11 + 61));
        assertThat(Turn.of(quota, full, 1, after(11))).isEqualTo(after(11));
    }

    @Test
    void no_minute_sees_more_requests_than_the_limit() {
        var quota = quota(10, 0, 0);
        var gone = new ArrayList<Instant>();
        for (int step = 0; step < 3_000; step++) {
            var now = NOON.plusMillis(step * 97L);
            var load = new Load(uses(gone, now), 0, Ahead.NONE);
            if (!Turn.of(quota, load, 1, now).isAfter(now)) {
                gone.add(now);
            }
        }
        assertThat(gone).hasSizeGreaterThan(45);
        for (var one : gone) {
            var minute = one.plusSeconds(60);
            assertThat(gone.stream().filter(at -> !at.isBefore(one) && at.isBefore(minute)))
                    .hasSizeLessThanOrEqualTo(10);
        }
    }

    private static List<Use> uses(List<Instant> gone, Instant now) {
        return gone.stream()
                .map(at -> new Use(at.getEpochSecond(), 1, 0))
                .filter(use -> use.countedUntil().isAfter(now))
                .toList();
    }

    @Test
    void tokens_are_kept_for_those_ahead() {
        var quota = quota(0, 1_000, 0);
        var uses = List.of(new Use(SECOND - 20, 1, 600));
        var load = new Load(uses, 0, Ahead.NONE);
        assertThat(Turn.of(quota, load, 400, NOON)).isEqualTo(NOON);
        assertThat(Turn.of(quota, load, 401, NOON)).isEqualTo(after(41));
        assertThat(Turn.of(quota, load.behind(new Ahead(1, 300)), 200, NOON)).isEqualTo(after(41));
    }

    @Test
    void a_call_that_wants_more_than_the_limit_goes_when_nothing_else_is_counted() {
        var quota = quota(0, 1_000, 0);
        assertThat(Turn.of(quota, Load.NONE, 5_000, NOON)).isEqualTo(NOON);
        var load = new Load(List.of(new Use(SECOND - 20, 1, 1)), 0, Ahead.NONE);
        assertThat(Turn.of(quota, load, 5_000, NOON)).isEqualTo(after(41));
    }

    @Test
    void calls_at_the_same_time_are_bounded() {
        var quota = quota(0, 0, 2);
        assertThat(Turn.of(quota, new Load(List.of(), 1, Ahead.NONE), 1, NOON)).isEqualTo(NOON);
        assertThat(Turn.of(quota, new Load(List.of(), 2, Ahead.NONE), 1, NOON)).isAfter(NOON);
        assertThat(Turn.of(quota, new Load(List.of(), 1, new Ahead(1, 1)), 1, NOON)).isAfter(NOON);
    }

    @Test
    void what_the_provider_says_is_left_holds_until_it_is_there_again() {
        var left = new Told(Limits.NONE, new Left(1, after(5)), new Left(100, after(9)));
        var quota = Quota.UNKNOWN.told(left, NOON);
        assertThat(Turn.of(quota, Load.NONE, 100, NOON)).isEqualTo(NOON);
        assertThat(Turn.of(quota, Load.NONE, 101, NOON)).isEqualTo(after(9));
        assertThat(Turn.of(quota, ahead(1, 10), 10, NOON)).isEqualTo(after(5));
        assertThat(Turn.of(quota.taken(10), Load.NONE, 10, NOON)).isEqualTo(after(5));
        assertThat(Turn.of(quota.taken(10), Load.NONE, 10, after(5))).isEqualTo(after(5));
    }

    @Test
    void of_two_limits_the_lower_one_holds() {
        var learned =
                new Told(
                        new Limits(limit(5), limit(70), OptionalLong.empty()),
                        Left.UNKNOWN,
                        Left.UNKNOWN);
        assertThat(quota(9, 60, 3).told(learned, NOON).limits())
                .isEqualTo(new Limits(limit(5), limit(60), limit(3)));
    }

    @Test
    void a_refusal_pauses_until_the_instant_that_was_asked_for() {
        var quota = refused(Quota.UNKNOWN, NOON, Optional.of(Duration.ofMillis(1_500)));
        assertThat(quota.pausedUntil(NOON)).hasValue(NOON.plusMillis(1_500));
        assertThat(Turn.of(quota, Load.NONE, 1, NOON)).isEqualTo(NOON.plusMillis(1_500));
        var shorter = refused(quota, NOON, Optional.of(Duration.ofMillis(100)));
        assertThat(shorter.pausedUntil(NOON)).hasValue(NOON.plusMillis(1_500));
    }

    private static Quota refused(Quota quota, Instant at, Optional<Duration> asked) {
        return quota.refused(at, asked, 100, at);
    }

    @Test
    void without_an_instant_each_refusal_in_a_row_pauses_twice_as_long() {
        var quota = Quota.UNKNOWN;
        var now = NOON;
        for (long seconds : new long[] {1, 2, 4, 8, 16, 32, 64, 64}) {
            quota = refused(quota, now, Optional.empty());
            assertThat(quota.pausedUntil(now)).hasValue(now.plusSeconds(seconds));
            now = now.plusSeconds(seconds);
        }
        quota = quota.answered(now.plusMillis(1), now.plusMillis(2));
        var again = refused(quota, now.plusMillis(3), Optional.empty());
        assertThat(again.pausedUntil(now)).hasValue(now.plusMillis(1_003));
    }

    @Test
    void after_a_refusal_calls_come_back_one_by_one() {
        var asked = Optional.of(Duration.ofMillis(1));
        var quota = Quota.UNKNOWN.refused(NOON, asked, 8, NOON);
        assertThat(quota.slots(NOON)).hasValue(1);
        var late = quota.refused(NOON.minusMillis(5), asked, 8, NOON.plusMillis(1));
        assertThat(late.slots(NOON)).hasValue(1);
        assertThat(late.answered(NOON.minusMillis(5), NOON).slots(NOON)).hasValue(1);
        var slots = new ArrayList<Long>();
        for (int i = 1; i <= 12; i++) {
            var at = NOON.plusMillis(10L * i);
            quota = quota.answered(at, at.plusMillis(5));
            slots.add(quota.slots(at).orElseThrow());
        }
        // To half of the eight at once, then one more for as many answers as there are calls.
        assertThat(slots).containsExactly(2L, 3L, 4L, 4L, 4L, 4L, 5L, 5L, 5L, 5L, 5L, 6L);
        assertThat(quota.slots(after(62))).isEmpty();
        assertThat(quota.binds(after(62))).isFalse();
    }

    @Test
    void as_many_of_those_who_wait_are_free_to_go_as_there_is_room_for() {
        var waiting = List.of(400L, 300L, 200L, 200L);
        assertThat(Turn.free(quota(0, 1_000, 0), Load.NONE, waiting, NOON)).isEqualTo(3);
        assertThat(Turn.free(quota(2, 0, 0), Load.NONE, waiting, NOON)).isEqualTo(2);
        assertThat(Turn.free(quota(0, 0, 3), new Load(List.of(), 2, Ahead.NONE), waiting, NOON))
                .isEqualTo(1);
        assertThat(Turn.free(Quota.UNKNOWN, Load.NONE, waiting, NOON)).isEqualTo(4);
    }
}
