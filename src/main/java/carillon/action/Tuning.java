package carillon.action;

import static java.util.Objects.requireNonNull;

import java.util.OptionalDouble;
import java.util.OptionalInt;

/// What a question asks of the model beside an answer; what is absent is as the model has it.
/// `temperature` is from 0 to 2; `topP` above 0 up to 1; `maxTokens`, at least 1, bounds the
/// answer.
public record Tuning(OptionalDouble temperature, OptionalDouble topP, OptionalInt maxTokens) {
    public static final Tuning NONE =
            new Tuning(OptionalDouble.empty(), OptionalDouble.empty(), OptionalInt.empty());

    public Tuning {
        requireNonNull(temperature, "temperature");
        requireNonNull(topP, "topP");
        requireNonNull(maxTokens, "maxTokens");
    }
}
