package carillon.batch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// What an earlier output answers already, so that only the other rows are asked. Both are in the
/// order of the input, so that one answer at a time is in memory.
final class Answered implements AutoCloseable {
    private final Path output;
    private final Answers answers;
    private final boolean sameQuestions;
    private Optional<Answers.Answer> next;

    private Answered(Path output, Answers answers, boolean sameQuestions) {
        this.output = output;
        this.answers = answers;
        this.sameQuestions = sameQuestions;
        this.next = answers.next();
    }

    /// Nothing is answered.
    static Answered nothing(Path output) {
        return new Answered(output, Answers.NONE, false);
    }

    /// What the output holds. With `sameQuestions` an answer counts for the very question that the
    /// row puts; else for whatever the row of its id asks. Throws [BatchException] when there is no
    /// output, or none that a batch has written.
    static Answered by(Path output, Format format, boolean sameQuestions) {
        if (!Files.isRegularFile(output)) {
            throw new BatchException(
                    BatchEnd.Cause.SETTINGS,
                    "there is no output " + output + " whose failed rows could be asked again");
        }
        try {
            return new Answered(output, Answers.of(output, format), sameQuestions);
        } catch (IOException e) {
            throw BlockStream.unreadable(output, e);
        }
    }

    /// The line that answers the row, as it stands in the output. To be asked once for each row, in
    /// order. Throws [BatchException] when the answer is to another question.
    Optional<byte[]> line(Row row) {
        var answer = next.filter(each -> each.id().equals(row.id()));
        if (answer.isEmpty()) {
            return Optional.empty();
        }
        if (sameQuestions && !answer.get().prompt().equals(ResultText.prompt(row))) {
            throw stranger(
                    "the question of row " + row.number() + " (" + row.id() + ") is another now");
        }
        next = answers.next();
        return Optional.of(answer.get().line());
    }

    /// Throws [BatchException] when the output answers what no row has asked.
    void requireNothingLeft() {
        if (next.isPresent()) {
            throw stranger("no row that follows in the input is '" + next.get().id() + "'");
        }
    }

    private BatchException stranger(String why) {
        return new BatchException(
                BatchEnd.Cause.CHANGED,
                output + " does not answer this input: " + why + "; only failed rows may change");
    }

    @Override
    public void close() {
        answers.close();
    }
}
