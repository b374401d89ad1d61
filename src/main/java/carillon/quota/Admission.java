package carillon.quota;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/// Whether a call may be made now.
public sealed interface Admission {
    record Go(Pass pass) implements Admission {
        public Go {
            requireNonNull(pass, "pass");
        }
    }

    /// Its turn is thought to come at `until`; asking earlier is in vain.
    record Wait(Instant until) implements Admission {
        public Wait {
            requireNonNull(until, "until");
        }

        /// For people.
        public String reason() {
            return "waiting for quota until " + until;
        }
    }
}
