package carillon.task;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/// How a task's runs are treated. `timeout` bounds each attempt; `jitter` is the width of the
/// spread of due times, of which each task gets a stable part; a higher `priority` (0 to 10) goes
/// first among runs that are due.
public record Policies(
        RetryPolicy retry,
        Duration timeout,
        ConcurrencyPolicy concurrency,
        MisfirePolicy misfire,
        Delivery delivery,
        Duration jitter,
        int priority) {
    public static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(5);
    public static final Duration MAX_TIMEOUT = Duration.ofHours(24);
    public static final int DEFAULT_PRIORITY = 5;
    public static final int MAX_PRIORITY = 10;

    public static final Policies DEFAULT =
            new Policies(
                    RetryPolicy.NONE,
                    DEFAULT_TIMEOUT,
                    ConcurrencyPolicy.ALLOW,
                    MisfirePolicy.DEFAULT,
                    Delivery.AT_LEAST_ONCE,
                    Duration.ZERO,
                    DEFAULT_PRIORITY);

    public Policies {
        requireNonNull(retry, "retry");
        requireNonNull(timeout, "timeout");
        requireNonNull(concurrency, "concurrency");
        requireNonNull(misfire, "misfire");
        requireNonNull(delivery, "delivery");
        requireNonNull(jitter, "jitter");
        if (!timeout.isPositive() || timeout.compareTo(MAX_TIMEOUT) > 0) {
            throw new IllegalArgumentException("timeout must be above 0 and at most 24h");
        }
        if (jitter.isNegative()) {
            throw new IllegalArgumentException("jitter must not be negative");
        }
        if (priority < 0 || priority > MAX_PRIORITY) {
            throw new IllegalArgumentException("priority must be 0 to " + MAX_PRIORITY);
        }
    }

    /// Those of a step of a workflow, which may say itself how often it is tried and how long a try
    /// may take.
    Policies ofStep(OptionalInt attempts, Optional<Duration> ownTimeout) {
        return new Policies(
                attempts.isPresent() ? retry.withAttempts(attempts.getAsInt()) : retry,
                ownTimeout.orElse(timeout),
                ConcurrencyPolicy.ALLOW,
                misfire,
                delivery,
                Duration.ZERO,
                priority);
    }

    /// Whether a run must be written as RUNNING before it starts, because its start depends on
    /// other runs, or must be known for certain afterwards.
    public boolean startsThroughGate() {
        return concurrency != ConcurrencyPolicy.ALLOW || delivery == Delivery.AT_MOST_ONCE;
    }
}
