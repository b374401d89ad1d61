package carillon.webhook;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The secrets that sign: the one in force and, for a while after a rotation, the one before.
public record SigningKeys(String current, Optional<Old> old) {
    /// Signs too before `until`.
    public record Old(String secret, Instant until) {
        public Old {
            requireNonNull(secret, "secret");
            requireNonNull(until, "until");
        }

        /// Without the secret.
        @Override
        public String toString() {
            return "an old secret until " + until;
        }
    }

    public SigningKeys {
        requireNonNull(current, "current");
        requireNonNull(old, "old");
    }

    public static SigningKeys of(String secret) {
        return new SigningKeys(secret, Optional.empty());
    }

    /// The next secret signs from now on, and this one until `until`.
    SigningKeys rotated(String next, Instant until, Instant now) {
        return new SigningKeys(
                next, until.isAfter(now) ? Optional.of(new Old(current, until)) : Optional.empty());
    }

    /// Those that sign at `now`, the one in force first.
    public List<String> at(Instant now) {
        return Stream.concat(Stream.of(current), oldAt(now).map(Old::secret).stream()).toList();
    }

    public Optional<Old> oldAt(Instant now) {
        return old.filter(before -> before.until.isAfter(now));
    }

    /// Without the secrets.
    @Override
    public String toString() {
        return "signing keys";
    }
}
