package carillon.outbox;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Optional;

/// How one try went, as the courier saw it. Reasons hold no secrets.
public sealed interface Carried {
    record Done() implements Carried {}

    /// Another try can succeed; `asked` is the wait that the target asked for.
    record Failed(String reason, Optional<Duration> asked) implements Carried {
        public Failed {
            requireNonNull(reason, "reason");
            requireNonNull(asked, "asked");
        }
    }

    /// No try will succeed.
    record Refused(String reason) implements Carried {
        public Refused {
            requireNonNull(reason, "reason");
        }
    }
}
