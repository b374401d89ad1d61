package carillon.quota;

import static java.util.Objects.requireNonNull;

import carillon.ai.Limits;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// Counts what is used of quotas, for all nodes. Each method is one transaction; `now` comes from
/// the caller.
public interface QuotaStore {
    /// How many runs in a queue are looked at to tell a turn; of those behind, it is told too
    /// early.
    int MAX_AHEAD = 10_000;

    /// Lets the call go and counts it, or tells when its turn comes and remembers the run that asks
    /// in the queue, where it keeps the place that it has.
    Admission admit(Ask ask, Instant now);

    /// The call has ended, other than by a refusal. Returns whether runs that waited are due now.
    boolean end(Pass pass, Ending ending, Instant now);

    /// `tokens` is what was really used, where that is known; `answered` is whether an answer came.
    record Ending(OptionalLong tokens, Told told, boolean answered) {
        public Ending {
            requireNonNull(tokens, "tokens");
            requireNonNull(told, "told");
        }
    }

    /// The provider has refused the call because there were too many: nothing is let go for a
    /// while. `asked` is the wait that it asked for. Returns when the call's turn comes; the run is
    /// in the queue again, at its old place.
    Instant refuse(Pass pass, Told told, Optional<Duration> asked, Instant now);

    /// Remembers what an answer told of a quota that no calls are counted for.
    void learn(QuotaKey key, Limits said, Told told, Instant now);

    /// All quotas of which something is known.
    Map<QuotaKey, Quota> all();

    QuotaState find(QuotaKey key, Instant now);

    /// Makes runs due that wait longer than they need to. Returns whether there were any.
    boolean wake(Instant now);

    /// Forgets quotas that have not been used since `before`.
    void prune(Instant before);
}
