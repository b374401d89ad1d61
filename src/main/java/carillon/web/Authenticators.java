package carillon.web;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/// Those who know credentials: keys, shown as `Bearer`, and users, shown as `Basic`, where any are
/// configured.
public record Authenticators(Authenticator keys, Optional<Authenticator> users) {
    public Authenticators {
        requireNonNull(keys, "keys");
        requireNonNull(users, "users");
    }
}
