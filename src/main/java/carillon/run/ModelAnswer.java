package carillon.run;

import static java.util.Objects.requireNonNull;

import carillon.ai.Spending;
import java.time.Duration;
import java.util.Optional;

/// What a model said in one attempt. `text` has at most [#MAX_KEPT] bytes in UTF-8; `spending` is
/// that of the whole attempt, with models asked in vain and a repair; `latency` is the time that
/// the model took, a repair included.
public record ModelAnswer(
        String text, State state, Source source, Spending spending, Duration latency) {
    public static final int MAX_KEPT = 1024 * 1024;

    public enum State {
        /// As the model meant it.
        WHOLE,
        /// Only the beginning: it broke off, its time was over, or it was too long.
        CUT,
        /// Whole, but not what its task demands.
        REJECTED
    }

    /// Who said it: `model` is the name that the task knows it by, `providerModel` what its
    /// provider calls it; `prompt` is the stored prompt that the question was rendered from.
    public record Source(String model, String providerModel, Optional<Rendered> prompt) {
        public Source {
            requireNonNull(model, "model");
            requireNonNull(providerModel, "providerModel");
            requireNonNull(prompt, "prompt");
        }
    }

    /// A stored prompt in one of its versions, which start at 1.
    public record Rendered(long prompt, int version) {}

    public ModelAnswer {
        requireNonNull(text, "text");
        requireNonNull(state, "state");
        requireNonNull(source, "source");
        requireNonNull(spending, "spending");
        if (latency.isNegative()) {
            throw new IllegalArgumentException("a latency of at least 0: " + latency);
        }
    }
}
