package carillon.task;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Set;
import java.util.random.RandomGenerator;

/// When and how often a failed attempt is tried again. `attempts` counts the first one, so 1 means
/// no retry. The wait before attempt n+1 is drawn evenly from 0 to `initial` × `multiplier`^(n-1),
/// at most `max` ("full jitter").
public record RetryPolicy(
        int attempts, Duration initial, Duration max, double multiplier, Set<RetryOn> retryOn) {
    public static final int MAX_ATTEMPTS = 100;

    /// One attempt, no retry.
    public static final RetryPolicy NONE =
            new RetryPolicy(
                    1, Duration.ofSeconds(1), Duration.ofMinutes(1), 2.0, RetryOn.TRANSIENT);

    /// The same with another number of attempts, from 1 to [#MAX_ATTEMPTS].
    RetryPolicy withAttempts(int other) {
        return new RetryPolicy(other, initial, max, multiplier, retryOn);
    }

    public RetryPolicy {
        requireNonNull(initial, "initial");
        requireNonNull(max, "max");
        retryOn = Set.copyOf(retryOn);
        if (attempts < 1 || attempts > MAX_ATTEMPTS) {
            throw new IllegalArgumentException(
                    "attempts must be 1 to " + MAX_ATTEMPTS + ": " + attempts);
        }
        if (initial.isNegative() || max.isNegative()) {
            throw new IllegalArgumentException("intervals must not be negative");
        }
        if (!(multiplier >= 1 && multiplier <= 100)) {
            throw new IllegalArgumentException("multiplier must be 1 to 100: " + multiplier);
        }
    }

    /// The wait after failed attempt number `attempt`, counted from 1.
    public Duration delay(int attempt, RandomGenerator dice) {
        double ceiling =
                Math.min(
                        (double) max.toMillis(),
                        (double) initial.toMillis() * Math.pow(multiplier, attempt - 1));
        return Duration.ofMillis((long) (dice.nextDouble() * ceiling));
    }
}
