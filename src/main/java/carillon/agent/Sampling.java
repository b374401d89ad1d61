package carillon.agent;

import static java.util.Objects.requireNonNull;

import java.util.OptionalDouble;
import java.util.OptionalInt;

/// How an agent's model is to word its answers; what is absent is as the model has it.
/// `temperature` is from 0 to 2, `topP` above 0 up to 1; `maxTokens`, at least 1, bounds each
/// answer.
public record Sampling(OptionalDouble temperature, OptionalDouble topP, OptionalInt maxTokens) {
    public static final Sampling NONE =
            new Sampling(OptionalDouble.empty(), OptionalDouble.empty(), OptionalInt.empty());

    public Sampling {
        requireNonNull(temperature, "temperature");
        requireNonNull(topP, "topP");
        requireNonNull(maxTokens, "maxTokens");
    }
}
