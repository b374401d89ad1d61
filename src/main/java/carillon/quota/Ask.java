package carillon.quota;

import static java.util.Objects.requireNonNull;

import carillon.ai.Limits;
import java.time.Duration;
import java.util.Optional;

/// A call that somebody wants to make. `limits` are those that the model says; `tokens` is what the
/// call is thought to take, at least 0; after `longest` it has ended in any case. Without an
/// `asker` nobody waits in the queue for it.
public record Ask(
        QuotaKey key,
        Limits limits,
        long tokens,
        Duration longest,
        Optional<Asker> asker,
        boolean waits) {
    public Ask {
        requireNonNull(key, "key");
        requireNonNull(limits, "limits");
        requireNonNull(longest, "longest");
        requireNonNull(asker, "asker");
        if (tokens < 0) {
            throw new IllegalArgumentException("at least 0 tokens: " + tokens);
        }
    }
}
