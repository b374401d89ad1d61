package carillon.importer;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/// What came of reading a file: things to be made, in the order in which they need each other, the
/// lines that cannot be imported, and what a person should know of those that can.
public record Imports(List<Wanted> wanted, List<Left> left, List<Note> notes) {
    /// A kind of thing, in the word for people and for the path of the API.
    public enum Kind {
        MODEL("model", "models"),
        PROMPT("prompt", "prompts"),
        TASK("task", "tasks");

        private final String word;
        private final String path;

        Kind(String word, String path) {
            this.word = word;
            this.path = path;
        }

        public String word() {
            return word;
        }

        /// Below `/api/v1/`.
        public String path() {
            return path;
        }
    }

    /// `body` is what the native API takes. The name is the same each time the same line is read.
    public record Wanted(Kind kind, int line, String name, ObjectNode body) {
        public Wanted {
            requireNonNull(kind, "kind");
            requireNonNull(name, "name");
            body = body.deepCopy();
        }
    }

    /// A line that is not imported. `text` is safe to be shown: what it may hold of secrets is not
    /// in it.
    public record Left(int line, String text, String reason) {
        public Left {
            requireNonNull(text, "text");
            requireNonNull(reason, "reason");
        }
    }

    public record Note(int line, String message) {
        public Note {
            requireNonNull(message, "message");
        }
    }

    public Imports {
        wanted = List.copyOf(wanted);
        left = List.copyOf(left);
        notes = List.copyOf(notes);
    }

    /// Gathers what is found, line by line.
    static final class Gathering {
        private final List<Wanted> wanted = new ArrayList<>();
        private final List<Left> left = new ArrayList<>();
        private final List<Note> notes = new ArrayList<>();

        /// Something that is wanted twice is made once.
        void want(Wanted thing) {
            boolean known =
                    wanted.stream()
                            .anyMatch(one -> one.kind == thing.kind && one.name.equals(thing.name));
            if (!known) {
                wanted.add(thing);
            }
        }

        void leave(int line, String text, String reason) {
            left.add(new Left(line, text, reason));
        }

        void note(int line, String message) {
            notes.add(new Note(line, message));
        }

        Imports done() {
            return new Imports(wanted, left, notes);
        }
    }
}
