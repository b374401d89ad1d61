package carillon.auth;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// Where keys are kept: what can be shown of them, and their digests. Each method is one
/// transaction.
public interface KeyStore {
    long newId();

    /// The secret that all nodes make digests with: `proposed`, unless there is one already.
    String secret(String proposed);

    /// Returns false, and changes nothing, when another key has the name.
    boolean add(Key key, String digest);

    /// The key with this digest; empty when it has been revoked or never was.
    Optional<Key> find(String digest);

    /// At most `limit` keys with ids below `before`, the newest first.
    List<Key> list(OptionalLong before, int limit);

    /// Forgets the key. Returns false when there is none with this id.
    boolean revoke(long id);

    /// Notes when keys were last used. An earlier use than the one noted changes nothing, and
    /// neither does that of a revoked key.
    void used(Map<Long, Instant> lastUses);
}
