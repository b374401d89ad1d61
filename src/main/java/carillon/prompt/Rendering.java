package carillon.prompt;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;

/// What rendering a prompt comes to.
public sealed interface Rendering {
    /// `source` is empty for a text that is stored nowhere.
    record Rendered(String text, Optional<Source> source) implements Rendering {
        public Rendered {
            requireNonNull(text, "text");
            requireNonNull(source, "source");
        }
    }

    /// The version of a prompt that was rendered; prompts included are in their newest.
    record Source(PromptId prompt, int version) {
        public Source {
            requireNonNull(prompt, "prompt");
        }
    }

    /// There is no such prompt, or it has no such version; `what` names it for people.
    record NotFound(String what) implements Rendering {
        public NotFound {
            requireNonNull(what, "what");
        }
    }

    /// Required variables that were not given, of the prompt itself first.
    record Missing(List<String> names) implements Rendering {
        public Missing {
            names = List.copyOf(names);
        }
    }

    /// `chain` leads from the prompt itself to the include that cannot be followed.
    record BrokenInclude(List<String> chain, Reason reason) implements Rendering {
        public enum Reason {
            UNKNOWN("there is no such prompt"),
            CYCLE("it includes itself"),
            TOO_DEEP("includes go at most " + Expansion.MAX_DEPTH + " deep"),
            TOO_MANY("a prompt has at most " + Expansion.MAX_INCLUDES + " includes in all"),
            UNREADABLE("its text is no template");

            private final String words;

            Reason(String words) {
                this.words = words;
            }
        }

        public BrokenInclude {
            chain = List.copyOf(chain);
            requireNonNull(reason, "reason");
        }

        /// For people: `a → b → c: there is no such prompt`.
        public String message() {
            return String.join(" → ", chain) + ": " + reason.words;
        }
    }

    /// The text would have more than `maxLength` characters.
    record TooLong(int maxLength) implements Rendering {}
}
