package carillon.console;

import static java.util.Objects.requireNonNull;

import java.util.List;

/// One batch: how far it is, what it is made of, and what can be done about it; `note` is why it is
/// in its state.
public record BatchView(BatchRow row, String note, List<Fact> facts, Doing doing) {
    public BatchView {
        requireNonNull(row, "row");
        requireNonNull(note, "note");
        facts = List.copyOf(facts);
        requireNonNull(doing, "doing");
    }

    /// What whoever looks can do about it.
    public record Doing(
            boolean executes, boolean retries, boolean pauses, boolean resumes, boolean cancels) {
        public boolean isAnything() {
            return executes || retries || pauses || resumes || cancels;
        }
    }
}
