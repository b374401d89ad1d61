package carillon.batch;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/// The answers of an output that a batch has written, one after the other. Throws [BatchException]
/// for a file that none has.
interface Answers extends AutoCloseable {
    Answers NONE = Optional::empty;

    static Answers of(Path output, Format format) throws IOException {
        return switch (format) {
            case CSV -> new CsvAnswers(output);
            case JSON_LINES -> new JsonAnswers(output);
        };
    }

    static BatchException noOutput(Path output, String why) {
        return new BatchException(
                BatchEnd.Cause.CHANGED, output + " was not written by a batch: " + why);
    }

    /// `line` is as it stands in the output, with its end; not to be changed.
    final class Answer {
        private final String id;
        private final String prompt;
        private final byte[] line;

        Answer(String id, String prompt, byte[] line) {
            this.id = requireNonNull(id, "id");
            this.prompt = requireNonNull(prompt, "prompt");
            this.line = requireNonNull(line, "line");
        }

        String id() {
            return id;
        }

        /// As [ResultText#prompt].
        String prompt() {
            return prompt;
        }

        byte[] line() {
            return line;
        }
    }

    /// The next one; empty at the end.
    Optional<Answer> next();

    @Override
    default void close() {}
}
