package carillon.batch;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/// What a row says about how it is asked; what is absent is the batch's or the model's to say.
public record Choices(Optional<String> model, OptionalDouble temperature, OptionalInt maxTokens) {
    public static final Choices NONE =
            new Choices(Optional.empty(), OptionalDouble.empty(), OptionalInt.empty());

    public Choices {
        requireNonNull(model, "model");
        requireNonNull(temperature, "temperature");
        requireNonNull(maxTokens, "maxTokens");
    }
}
