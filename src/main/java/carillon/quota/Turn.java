package carillon.quota;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.ToLongFunction;

/// Decides when a call's turn comes. In any minute there are no more requests and tokens than the
/// limits say, and what those ahead need is kept for them.
public final class Turn {
    private static final Duration ROUND = Duration.ofSeconds(Load.COUNTED_SECONDS);

    private final Quota quota;
    private final Load load;
    private final Instant now;
    private final Instant start;

    private Turn(Quota quota, Load load, Instant now) {
        this.quota = quota;
        this.load = load;
        this.now = now;
        this.start = quota.pausedUntil(now).orElse(now);
    }

    /// Not after `now` exactly when a call that takes about `tokens` may be made at once. Later
    /// ones are estimates, and for runs with others ahead of them rather too early than too late.
    public static Instant of(Quota quota, Load load, long tokens, Instant now) {
        return new Turn(quota, load, now).at(tokens);
    }

    /// How many of the runs that wait may go at once, by the tokens that they are thought to take,
    /// the first one first.
    public static int free(Quota quota, Load load, List<Long> waiting, Instant now) {
        var ahead = Load.Ahead.NONE;
        int free = 0;
        for (long tokens : waiting) {
            if (of(quota, load.behind(ahead), tokens, now).isAfter(now)) {
                break;
            }
            ahead = ahead.and(tokens);
            free++;
        }
        return free;
    }

    private Instant at(long tokens) {
        var limits = quota.limits();
        var ahead = load.ahead();
        var turn = start;
        turn = later(turn, fits(limits.requestsPerMinute(), Load.Use::requests, ahead.calls(), 1));
        turn =
                later(
                        turn,
                        fits(limits.tokensPerMinute(), Load.Use::tokens, ahead.tokens(), tokens));
        if (!quota.requestsLeft().isEnough(ahead.calls() + 1, now)) {
            turn = later(turn, quota.requestsLeft().until());
        }
        if (!quota.tokensLeft().isEnough(ahead.tokens() + tokens, now)) {
            turn = later(turn, quota.tokensLeft().until());
        }
        return later(turn, slot());
    }

    /// A call that wants more than the whole limit goes when nothing else is counted.
    private Instant fits(
            OptionalLong limit, ToLongFunction<Load.Use> measure, long ahead, long wanted) {
        if (limit.isEmpty()) {
            return start;
        }
        long max = limit.getAsLong();
        long all = ahead + Math.min(wanted, max);
        long rounds = Math.max(0, all - 1) / max;
        long rest = all - rounds * max;
        long used = load.uses().stream().mapToLong(measure).sum();
        var at = start;
        for (var use : load.uses()) {
            if (!use.countedUntil().isAfter(start)) {
                used -= measure.applyAsLong(use);
            } else if (used + rest > max) {
                used -= measure.applyAsLong(use);
                at = use.countedUntil();
            }
        }
        return at.plus(ROUND.multipliedBy(rounds));
    }

    /// Calls that are in flight now have ended when a pause is over, or soon will have.
    private Instant slot() {
        var slots = quota.slots(now);
        if (slots.isEmpty()) {
            return start;
        }
        long busy = start.isAfter(now) ? 0 : load.inFlight();
        long missing = busy + load.ahead().calls() + 1 - slots.getAsLong();
        if (missing <= 0) {
            return start;
        }
        return start.plus(quota.callTime().multipliedBy(Math.ceilDiv(missing, slots.getAsLong())));
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }
}
