package carillon.quota;

import static java.util.Objects.requireNonNull;

import carillon.ai.Limits;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/// What is known of a quota beside what has been used of it. `said` are the limits of the model
/// that asked last, `learned` those that the provider named; `callTime` is about how long a call
/// takes.
public record Quota(
        Limits said,
        Limits learned,
        Left requestsLeft,
        Left tokensLeft,
        Refusals refusals,
        Duration callTime) {
    private static final Duration FIRST_GUESS = Duration.ofSeconds(1);
    private static final Duration MIN_CALL_TIME = Duration.ofMillis(10);
    private static final int WEIGHT_OF_THE_PAST = 7;

    public static final Quota UNKNOWN =
            new Quota(
                    Limits.NONE,
                    Limits.NONE,
                    Left.UNKNOWN,
                    Left.UNKNOWN,
                    Refusals.NONE,
                    FIRST_GUESS);

    public Quota {
        requireNonNull(said, "said");
        requireNonNull(learned, "learned");
        requireNonNull(requestsLeft, "requestsLeft");
        requireNonNull(tokensLeft, "tokensLeft");
        requireNonNull(refusals, "refusals");
        requireNonNull(callTime, "callTime");
    }

    /// Those that hold: of each the lower one.
    public Limits limits() {
        return said.and(learned);
    }

    /// Whether calls must be counted even when the model says no limits.
    public boolean binds(Instant now) {
        return !learned.isNone()
                || refusals.areRemembered(now)
                || requestsLeft.isKnown(now)
                || tokensLeft.isKnown(now);
    }

    /// How many calls may be made at the same time; empty when there is no such bound.
    OptionalLong slots(Instant now) {
        var atOnce = limits().concurrent();
        var carefully = refusals.slots(now);
        if (atOnce.isEmpty() || carefully.isEmpty()) {
            return atOnce.isEmpty() ? carefully : atOnce;
        }
        return OptionalLong.of(Math.min(atOnce.getAsLong(), carefully.getAsLong()));
    }

    /// When calls may be made again, where the provider has asked for a pause.
    public Optional<Instant> pausedUntil(Instant now) {
        return Optional.of(refusals.until()).filter(until -> until.isAfter(now));
    }

    public Quota saying(Limits limits) {
        return new Quota(limits, learned, requestsLeft, tokensLeft, refusals, callTime);
    }

    /// After a call has been let go.
    public Quota taken(long tokens) {
        return new Quota(
                said, learned, requestsLeft.less(1), tokensLeft.less(tokens), refusals, callTime);
    }

    /// After the provider has told something; what it does not tell stays as it was known.
    public Quota told(Told told, Instant now) {
        var limits =
                new Limits(
                        or(told.limits().requestsPerMinute(), learned.requestsPerMinute()),
                        or(told.limits().tokensPerMinute(), learned.tokensPerMinute()),
                        or(told.limits().concurrent(), learned.concurrent()));
        return new Quota(
                said,
                limits,
                told.requests().isKnown(now) ? told.requests() : requestsLeft,
                told.tokens().isKnown(now) ? told.tokens() : tokensLeft,
                refusals,
                callTime);
    }

    private static OptionalLong or(OptionalLong one, OptionalLong other) {
        return one.isPresent() ? one : other;
    }

    /// After an answer to a call that began at `began`.
    public Quota answered(Instant began, Instant now) {
        var took = Duration.between(began, now);
        var average =
                callTime.multipliedBy(WEIGHT_OF_THE_PAST)
                        .plus(took)
                        .dividedBy(WEIGHT_OF_THE_PAST + 1);
        return new Quota(
                said,
                learned,
                requestsLeft,
                tokensLeft,
                refusals.answered(began, now),
                average.compareTo(MIN_CALL_TIME) < 0 ? MIN_CALL_TIME : average);
    }

    /// After the provider has refused a call that began at `began` because there were too many.
    public Quota refused(Instant began, Optional<Duration> asked, long inFlight, Instant now) {
        return new Quota(
                said,
                learned,
                requestsLeft,
                tokensLeft,
                refusals.and(began, asked, inFlight, now),
                callTime);
    }
}
