package carillon.outbox;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// How often a delivery is tried, and the waits in between: `initial` doubles up to `max`.
public record Backoff(int attempts, Duration initial, Duration max) {
    public static final int MAX_ATTEMPTS = 100;

    /// No try begins later than this after the delivery was made.
    public static final Duration MAX_AGE = Duration.ofHours(24);

    /// Enough attempts for the whole of [#MAX_AGE].
    public static final Backoff DEFAULT =
            new Backoff(40, Duration.ofSeconds(5), Duration.ofHours(1));

    public Backoff {
        requireNonNull(initial, "initial");
        requireNonNull(max, "max");
        if (attempts < 1 || attempts > MAX_ATTEMPTS) {
            throw new IllegalArgumentException("1 to " + MAX_ATTEMPTS + " attempts: " + attempts);
        }
        if (!initial.isPositive() || max.compareTo(initial) < 0 || max.compareTo(MAX_AGE) > 0) {
            throw new IllegalArgumentException("waits from above 0 to 24h, rising");
        }
    }

    /// The wait after attempt number `made`: at least half of what it has doubled to, and the rest
    /// by chance, so that many deliveries to a target that was down do not come back at once.
    Duration delay(int made, RandomGenerator dice) {
        var wait = initial;
        for (int i = 1; i < made && wait.compareTo(max) < 0; i++) {
            wait = wait.multipliedBy(2);
        }
        long half = (wait.compareTo(max) < 0 ? wait : max).toMillis() / 2;
        return Duration.ofMillis(half + dice.nextLong(half + 1));
    }
}
