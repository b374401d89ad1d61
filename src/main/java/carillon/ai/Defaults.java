package carillon.ai;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/// What every question to a model says beside its text; what is absent is the provider's choice.
/// `temperature` is from 0 to 2, `topP` above 0 up to 1, `maxTokens` bounds the answer.
public record Defaults(
        OptionalDouble temperature,
        OptionalDouble topP,
        OptionalInt maxTokens,
        Optional<String> system) {
    public static final Defaults NONE =
            new Defaults(
                    OptionalDouble.empty(),
                    OptionalDouble.empty(),
                    OptionalInt.empty(),
                    Optional.empty());

    public Defaults {
        requireNonNull(temperature, "temperature");
        requireNonNull(topP, "topP");
        requireNonNull(maxTokens, "maxTokens");
        requireNonNull(system, "system");
    }
}
