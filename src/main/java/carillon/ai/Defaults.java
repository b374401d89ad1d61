package carillon.ai;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/// What every question to a model says beside its text; what is absent is the provider's choice.
/// `temperature` is from 0 to 2, `topP` above 0 up to 1, `maxTokens` bounds the answer. `earlier`
/// is what was said before the question; where it begins with a system message, that stands in for
/// `system`.
public record Defaults(
        OptionalDouble temperature,
        OptionalDouble topP,
        OptionalInt maxTokens,
        Optional<String> system,
        List<Message> earlier) {
    public static final int MAX_TEMPERATURE = 2;
    public static final int MAX_TOKENS = 10_000_000;

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
        earlier = List.copyOf(earlier);
    }

    /// With nothing said before the question.
    public Defaults(
            OptionalDouble temperature,
            OptionalDouble topP,
            OptionalInt maxTokens,
            Optional<String> system) {
        this(temperature, topP, maxTokens, system, List.of());
    }

    /// All messages that come before the question.
    public List<Message> before() {
        boolean ownSystem = !earlier.isEmpty() && earlier.getFirst().role() == Message.Role.SYSTEM;
        if (ownSystem || system.isEmpty()) {
            return earlier;
        }
        var before = new ArrayList<Message>();
        before.add(new Message(Message.Role.SYSTEM, system.get()));
        before.addAll(earlier);
        return before;
    }
}
