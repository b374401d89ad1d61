package carillon.webhook;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// How a subscription stands: whether it is told of events, and if not, why; the newest event of
/// the log that has been looked at for it; and how long its target has been failing, in how many
/// tries.
public record Standing(
        boolean active, String reason, long seen, Optional<Instant> failingSince, int failures) {
    /// A target that fails for so long is not tried any more, unless it has failed less than
    /// [#MAX_FAILURES] times.
    public static final Duration MAX_FAILING = Duration.ofHours(24);

    public static final int MAX_FAILURES = 10;

    /// Why a subscription that a person has stopped is not active.
    public static final String STOPPED = "stopped by a person";

    public Standing {
        requireNonNull(reason, "reason");
        requireNonNull(failingSince, "failingSince");
    }

    /// In good standing.
    public static Standing fresh(boolean active, long seen) {
        return new Standing(active, active ? "" : STOPPED, seen, Optional.empty(), 0);
    }
}
