package carillon.console;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;

/// One run: how it stands, what can be done about it, its steps, what its agent said and did, its
/// attempts, what it brought and where that went.
public record RunView(
        RunRow row,
        List<Fact> facts,
        Doing doing,
        Optional<StepListView> steps,
        Optional<TranscriptView> transcript,
        List<AttemptRow> attempts,
        Optional<OutputView> output,
        List<DeliveryRow> deliveries) {
    public RunView {
        requireNonNull(row, "row");
        facts = List.copyOf(facts);
        requireNonNull(doing, "doing");
        requireNonNull(steps, "steps");
        requireNonNull(transcript, "transcript");
        attempts = List.copyOf(attempts);
        requireNonNull(output, "output");
        deliveries = List.copyOf(deliveries);
    }

    /// What whoever looks can do about it; `question` is what it asks them.
    public record Doing(boolean cancels, boolean replays, Optional<String> question) {
        public Doing {
            requireNonNull(question, "question");
        }
    }

    /// One try.
    public record AttemptRow(
            int number, String state, String tone, String started, String took, String note) {}

    /// One thing brought, or to be brought, to one target.
    public record DeliveryRow(
            String type, String target, String state, String tone, int attempts, String note) {}

    /// What came back, as text, and what it is.
    public record OutputView(String caption, String body) {}
}
