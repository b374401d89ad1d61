package carillon.web;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/// Those who know credentials: keys, shown as `Bearer`; users, shown as `Basic`, where any are
/// configured; and sign-ins of browsers, shown in a cookie.
public record Authenticators(
        Authenticator keys, Optional<Authenticator> users, Authenticator signIns) {
    public Authenticators {
        requireNonNull(keys, "keys");
        requireNonNull(users, "users");
        requireNonNull(signIns, "signIns");
    }

    /// Without a way to sign in.
    public Authenticators(Authenticator keys, Optional<Authenticator> users) {
        this(keys, users, _ -> Optional.empty());
    }
}
