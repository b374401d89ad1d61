package carillon.ai;

import static java.util.Objects.requireNonNull;

import carillon.task.RetryOn;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/// What became of a question.
public sealed interface Reply {
    /// `tokens` are absent when the provider did not count them.
    record Answer(String text, Optional<Tokens> tokens) implements Reply {
        public Answer {
            requireNonNull(text, "text");
            requireNonNull(tokens, "tokens");
        }
    }

    /// `reason` is for people and holds neither a key nor a header; `kinds` are the names that a
    /// retry policy can know the failure by; `status` is that of the answer, if there was one;
    /// `retryAfter` the wait that the provider asked for.
    record Failure(
            String reason, Set<RetryOn> kinds, OptionalInt status, Optional<Duration> retryAfter)
            implements Reply {
        public Failure {
            requireNonNull(reason, "reason");
            kinds = Set.copyOf(kinds);
            requireNonNull(status, "status");
            requireNonNull(retryAfter, "retryAfter");
        }

        public static Failure of(String reason, RetryOn kind) {
            return new Failure(reason, Set.of(kind), OptionalInt.empty(), Optional.empty());
        }
    }
}
