package carillon.prompt;

import static java.util.Objects.requireNonNull;

/// How a prompt is named from outside: by its id, or by its name.
public sealed interface PromptReference {
    record ById(PromptId id) implements PromptReference {
        public ById {
            requireNonNull(id, "id");
        }
    }

    record ByName(String name) implements PromptReference {
        public ByName {
            requireNonNull(name, "name");
        }
    }

    /// Digits alone are an id, since no prompt has such a name; all else is a name.
    static PromptReference of(String text) {
        return text.matches("[1-9][0-9]{0,15}")
                ? new ById(new PromptId(Long.parseLong(text)))
                : new ByName(text);
    }
}
