package carillon.task;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/// What happens to fire times that passed while nobody could run them. A fire time counts as missed
/// when it is later than [#GRACE]; up to then it simply runs late.
///
/// `limit` is used by [Kind#FIRE_ALL] only: the newest that many run. Fire times older than
/// `window` are MISSED whatever the kind.
public record MisfirePolicy(Kind kind, int limit, Duration window) {
    public static final Duration GRACE = Duration.ofSeconds(5);
    public static final int MAX_LIMIT = 1_000;

    /// The newest missed fire time of the last day runs once.
    public static final MisfirePolicy DEFAULT =
            new MisfirePolicy(Kind.FIRE_ONCE, 100, Duration.ofDays(1));

    public enum Kind {
        /// None runs.
        SKIP,
        /// The newest runs.
        FIRE_ONCE,
        /// The newest `limit` run, the oldest of them first.
        FIRE_ALL
    }

    public MisfirePolicy {
        requireNonNull(kind, "kind");
        requireNonNull(window, "window");
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new IllegalArgumentException("limit must be 1 to " + MAX_LIMIT + ": " + limit);
        }
        if (window.isNegative()) {
            throw new IllegalArgumentException("window must not be negative: " + window);
        }
    }

    /// How many of the missed fire times within the window run.
    public int catchUp() {
        return switch (kind) {
            case SKIP -> 0;
            case FIRE_ONCE -> 1;
            case FIRE_ALL -> limit;
        };
    }
}
