package carillon.run;

import static java.util.Objects.requireNonNull;

import carillon.cluster.Holder;
import java.time.Instant;
import java.util.Optional;

/// How far a run has come. `attempt` is the number of the newest attempt handed out, 0 before the
/// first; it is the fencing token. `maxAttempts` grows by one each time a node dies with the run,
/// which is no fault of the run (`rescues` counts those), and each time an attempt was handed out
/// and not used (`unused` counts those). `startedAt` is the start of the first attempt,
/// `attemptStartedAt` that of the newest.
public record Progress(
        RunState state,
        String reason,
        int attempt,
        int maxAttempts,
        int rescues,
        int unused,
        Optional<Holder> holder,
        Times times) {
    /// When things happened, as far as they have.
    public record Times(
            Optional<Instant> startedAt,
            Optional<Instant> attemptStartedAt,
            Optional<Instant> finishedAt) {
        public static final Times NONE =
                new Times(Optional.empty(), Optional.empty(), Optional.empty());

        public Times {
            requireNonNull(startedAt, "startedAt");
            requireNonNull(attemptStartedAt, "attemptStartedAt");
            requireNonNull(finishedAt, "finishedAt");
        }
    }

    public Progress {
        requireNonNull(state, "state");
        requireNonNull(reason, "reason");
        requireNonNull(holder, "holder");
        requireNonNull(times, "times");
    }

    /// Without a reason or a time, at attempt number `attempt`.
    public static Progress fresh(
            RunState state, int attempt, int maxAttempts, Optional<Holder> holder) {
        return new Progress(state, "", attempt, maxAttempts, 0, 0, holder, Times.NONE);
    }

    /// The newest attempt as people count them: those that were used.
    public int attemptsUsed() {
        return attempt - unused;
    }

    /// How many attempts people allow the run, and one more for each node that died with it.
    public int attemptsAllowed() {
        return maxAttempts - unused;
    }
}
