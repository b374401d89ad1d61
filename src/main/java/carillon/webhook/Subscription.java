package carillon.webhook;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/// A URL that is told of events. `origin` is the API that made it, in whose words it is told;
/// `version` starts at 1 and grows with each change by a person.
public record Subscription(
        long id,
        int version,
        String origin,
        Terms terms,
        SigningKeys keys,
        Standing standing,
        Instant createdAt,
        Instant updatedAt) {
    public Subscription {
        requireNonNull(origin, "origin");
        requireNonNull(terms, "terms");
        requireNonNull(keys, "keys");
        requireNonNull(standing, "standing");
        requireNonNull(createdAt, "createdAt");
        requireNonNull(updatedAt, "updatedAt");
    }
}
