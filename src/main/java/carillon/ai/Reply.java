package carillon.ai;

import static java.util.Objects.requireNonNull;

import carillon.action.ToolRound;
import carillon.task.RetryOn;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/// What became of a question.
public sealed interface Reply {
    /// `tokens` are absent when the provider did not count them. Where tools were offered there may
    /// be `calls` of them; then the `text` may be empty.
    record Answer(String text, Optional<Tokens> tokens, List<ToolRound.Call> calls)
            implements Reply {
        public Answer {
            requireNonNull(text, "text");
            requireNonNull(tokens, "tokens");
            calls = List.copyOf(calls);
        }

        /// Without calls.
        public Answer(String text, Optional<Tokens> tokens) {
            this(text, tokens, List.of());
        }
    }

    /// `reason` is for people and holds neither a key nor a header; `kinds` are the names that a
    /// retry policy can know the failure by; `status` is that of the answer, if there was one;
    /// `retryAfter` the wait that the provider asked for; `mayHaveCost` says whether the provider
    /// may have worked on the question, and so may charge for it; `part` is the beginning of the
    /// answer, empty when none came.
    record Failure(
            String reason,
            Set<RetryOn> kinds,
            OptionalInt status,
            Optional<Duration> retryAfter,
            boolean mayHaveCost,
            String part)
            implements Reply {
        public Failure {
            requireNonNull(reason, "reason");
            kinds = Set.copyOf(kinds);
            requireNonNull(status, "status");
            requireNonNull(retryAfter, "retryAfter");
            requireNonNull(part, "part");
        }

        /// Nothing of the answer came.
        public Failure(
                String reason,
                Set<RetryOn> kinds,
                OptionalInt status,
                Optional<Duration> retryAfter,
                boolean mayHaveCost) {
            this(reason, kinds, status, retryAfter, mayHaveCost, "");
        }

        /// A provider that refuses charges nothing; what else came to it may have cost something.
        public Failure(
                String reason,
                Set<RetryOn> kinds,
                OptionalInt status,
                Optional<Duration> retryAfter) {
            this(reason, kinds, status, retryAfter, !isRefusal(status));
        }

        /// A status that says that nothing was done. Of those that tell of a time that was over,
        /// somebody on the way may speak for a provider that goes on working.
        private static boolean isRefusal(OptionalInt status) {
            return status.isPresent()
                    && !TIME_WAS_OVER.contains(status.getAsInt())
                    && (status.getAsInt() < 200 || status.getAsInt() > 299);
        }

        /// Whether the provider has had too many questions for now, so that asking later helps.
        public boolean isTooMany() {
            return status.equals(TOO_MANY) && !kinds.contains(RetryOn.OTHER);
        }

        private static final OptionalInt TOO_MANY = OptionalInt.of(429);

        private static final Set<Integer> TIME_WAS_OVER = Set.of(408, 504);

        /// The same, with the beginning of the answer.
        public Failure after(String part) {
            return new Failure(reason, kinds, status, retryAfter, mayHaveCost, part);
        }

        /// The provider has seen the question, or may have.
        public static Failure of(String reason, RetryOn kind) {
            return new Failure(reason, Set.of(kind), OptionalInt.empty(), Optional.empty());
        }

        /// The question never came to the provider.
        public static Failure unsent(String reason, RetryOn kind) {
            return new Failure(reason, Set.of(kind), OptionalInt.empty(), Optional.empty(), false);
        }
    }
}
