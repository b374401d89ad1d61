package carillon.idempotency;

import java.time.Duration;
import java.time.Instant;

/// The keys of requests and their answers. Each method is one transaction.
public interface IdempotencyStore {
    /// How long a key stands for its request.
    Duration KEPT = Duration.ofHours(24);

    /// At most so many are kept; beyond, the oldest are forgotten before their time.
    int MAX_KEPT = 200_000;

    /// Takes the key for a request, before that has any effect, unless it has been taken in the
    /// last [#KEPT]. Of several at the same time, one is granted it.
    Claim claim(IdempotencyKey key, String fingerprint, Instant now);

    /// Keeps the answer to the request that was granted the key.
    void complete(IdempotencyKey key, KeptAnswer answer);

    /// Gives the key back, for a request that was refused and changed nothing.
    void withdraw(IdempotencyKey key);

    /// Forgets at most `limit` keys: those taken before `before`, and those beyond `max`, the
    /// oldest first. Returns how many it forgot.
    int prune(Instant before, int max, int limit);
}
