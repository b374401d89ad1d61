package carillon.run;

import static java.util.Objects.requireNonNull;

import carillon.task.RetryOn;
import carillon.task.RetryPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/// How an attempt ended, as the node that ran it saw it.
public sealed interface Outcome {
    /// The longest wait that a target's `Retry-After` can ask for.
    Duration MAX_RETRY_AFTER = Duration.ofHours(24);

    Output output();

    /// What was asked of models, and what they said; it is kept with the end of the attempt.
    default Asked asked() {
        return Asked.NOTHING;
    }

    record Succeeded(Output output, Asked asked) implements Outcome {
        public Succeeded {
            requireNonNull(output, "output");
            requireNonNull(asked, "asked");
        }

        public Succeeded(Output output) {
            this(output, Asked.NOTHING);
        }
    }

    /// `kinds` are the names that a retry policy can know the failure by; `retryAfter` is the wait
    /// that the target asked for.
    record Failed(
            String reason,
            Set<RetryOn> kinds,
            Output output,
            Optional<Duration> retryAfter,
            Asked asked)
            implements Outcome {
        public Failed {
            requireNonNull(reason, "reason");
            kinds = Set.copyOf(kinds);
            requireNonNull(output, "output");
            requireNonNull(retryAfter, "retryAfter");
            requireNonNull(asked, "asked");
        }

        public Failed(
                String reason, Set<RetryOn> kinds, Output output, Optional<Duration> retryAfter) {
            this(reason, kinds, output, retryAfter, Asked.NOTHING);
        }

        public static Failed of(String reason, RetryOn kind) {
            return new Failed(reason, Set.of(kind), Output.NONE, Optional.empty());
        }

        private boolean isWorthRetrying(RetryPolicy policy) {
            return !Collections.disjoint(kinds, policy.retryOn());
        }

        /// The policy's wait, or the longer one that the target asked for.
        private Duration delay(Attempts attempts, RetryPolicy policy, RandomGenerator dice) {
            var drawn = policy.delay(attempts.made(), dice);
            var asked = retryAfter.orElse(Duration.ZERO);
            var bounded = asked.compareTo(MAX_RETRY_AFTER) > 0 ? MAX_RETRY_AFTER : asked;
            return drawn.compareTo(bounded) > 0 ? drawn : bounded;
        }
    }

    /// The attempt may not go on before `until`, and is not used up: it has done nothing, or what
    /// it has done is kept for the next one.
    record Postponed(String reason, Instant until, Asked asked) implements Outcome {
        public Postponed {
            requireNonNull(reason, "reason");
            requireNonNull(until, "until");
            requireNonNull(asked, "asked");
        }

        public Postponed(String reason, Instant until) {
            this(reason, until, Asked.NOTHING);
        }

        @Override
        public Output output() {
            return Output.NONE;
        }
    }

    /// The attempt has done nothing, since a rule forbids it.
    record Skipped(String reason) implements Outcome {
        public Skipped {
            requireNonNull(reason, "reason");
        }

        @Override
        public Output output() {
            return Output.NONE;
        }
    }

    /// What becomes of the run, by its task's retry policy.
    default Next next(Attempts attempts, RetryPolicy policy, Instant now, RandomGenerator dice) {
        return switch (this) {
            case Succeeded _ -> new Next.Finish(RunState.SUCCEEDED, "");
            case Failed failed when attempts.areLeft() && failed.isWorthRetrying(policy) ->
                    new Next.Retry(now.plus(failed.delay(attempts, policy, dice)), failed.reason);
            case Failed failed -> new Next.Finish(RunState.FAILED, failed.reason);
            case Postponed(var reason, var until, _) -> new Next.Postpone(until, reason);
            case Skipped(var reason) -> new Next.Finish(RunState.SKIPPED, reason);
        };
    }

    /// Attempt number `made` of at most `allowed`.
    record Attempts(int made, int allowed) {
        boolean areLeft() {
            return made < allowed;
        }
    }

    sealed interface Next {
        record Finish(RunState state, String reason) implements Next {
            public Finish {
                requireNonNull(reason, "reason");
                if (!state.isFinal()) {
                    throw new IllegalArgumentException(state + " is not a final state");
                }
            }
        }

        record Retry(Instant at, String reason) implements Next {
            public Retry {
                requireNonNull(at, "at");
                requireNonNull(reason, "reason");
            }
        }

        /// Due again at `at`, with as many attempts left as before.
        record Postpone(Instant at, String reason) implements Next {
            public Postpone {
                requireNonNull(at, "at");
                requireNonNull(reason, "reason");
            }
        }
    }
}
