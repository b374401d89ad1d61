package carillon.auth;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/// A stored API key, as far as it can be shown: the key's text is not in it. `scopes` are the names
/// of the APIs that it opens, all of them when there are none. `lastUsedAt` may be a minute behind.
public record Key(
        long id,
        String name,
        Role role,
        Set<String> scopes,
        Instant createdAt,
        String createdBy,
        Optional<Instant> expiresAt,
        Optional<Instant> lastUsedAt) {
    public Key {
        if (id < 1 || name.isBlank()) {
            throw new IllegalArgumentException("a key has a positive id and a name");
        }
        requireNonNull(role, "role");
        scopes = Set.copyOf(scopes);
        requireNonNull(createdAt, "createdAt");
        requireNonNull(createdBy, "createdBy");
        requireNonNull(expiresAt, "expiresAt");
        requireNonNull(lastUsedAt, "lastUsedAt");
    }

    /// Whether the key opens nothing any more at `now`.
    public boolean isExpired(Instant now) {
        return expiresAt.isPresent() && !now.isBefore(expiresAt.get());
    }
}
