package carillon.console;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;

/// One run: how it stands, what can be done about it, its attempts and what it brought.
public record RunView(
        RunRow row,
        List<Fact> facts,
        List<AttemptRow> attempts,
        Optional<OutputView> output,
        boolean cancels,
        boolean replays) {
    public RunView {
        requireNonNull(row, "row");
        facts = List.copyOf(facts);
        attempts = List.copyOf(attempts);
        requireNonNull(output, "output");
    }

    /// One try.
    public record AttemptRow(
            int number, String state, String tone, String started, String took, String note) {}

    /// What came back, as text, and what it is.
    public record OutputView(String caption, String body) {}
}
