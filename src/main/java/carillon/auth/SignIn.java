package carillon.auth;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/// A browser's sign-in: by the digest of the token that the browser shows, and by the fingerprint
/// of the key that it was begun with. `name` is that of the key's owner.
public record SignIn(
        String digest, String fingerprint, String name, Instant begunAt, Instant until) {
    public SignIn {
        requireNonNull(digest, "digest");
        requireNonNull(fingerprint, "fingerprint");
        requireNonNull(name, "name");
        requireNonNull(begunAt, "begunAt");
        requireNonNull(until, "until");
    }
}
