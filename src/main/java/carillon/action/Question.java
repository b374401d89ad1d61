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

    /// A conversation that goes on, as it stands.
    record Messages(Conversation conversation) implements Question {
        public Messages {
            requireNonNull(conversation, "conversation");
        }
    }

    /// A text with variables in it, as in a stored prompt, and their values.
    record Template(String text, Map<String, String> variables) implements Question {
        public Template {
            requireNonNull(text, "text");
            variables = Map.copyOf(variables);
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
