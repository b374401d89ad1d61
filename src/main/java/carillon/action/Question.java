package carillon.action;

import static java.util.Objects.requireNonNull;

import java.util.Map;
import java.util.OptionalInt;

/// What a model is asked.
public sealed interface Question {
    record Text(String text) implements Question {
        public Text {
            requireNonNull(text, "text");
        }
    }

    /// A stored prompt, by its name or id, with values for its variables; `version` empty is the
    /// newest when the attempt begins.
    record Stored(String prompt, OptionalInt version, Map<String, String> variables)
            implements Question {
        public Stored {
            requireNonNull(prompt, "prompt");
            requireNonNull(version, "version");
            variables = Map.copyOf(variables);
        }
    }
}
