package carillon.console;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.OptionalInt;

/// A part of what an agent said and did in a run. `more` is the number of the entry with which the
/// next part begins.
public record TranscriptView(long run, List<Entry> entries, OptionalInt more) {
    public TranscriptView {
        entries = List.copyOf(entries);
        requireNonNull(more, "more");
    }

    /// Something that was said: by the model, with the calls that it asks for, or by the tool
    /// `tool`. `number` counts from 1; `note` is what it took, or how it went.
    public record Entry(
            int number,
            String at,
            String tool,
            String note,
            String tone,
            String text,
            List<CallRow> calls) {
        public Entry {
            calls = List.copyOf(calls);
        }

        public boolean isResult() {
            return !tool.isEmpty();
        }
    }

    /// A tool that the model has asked for, and with what.
    public record CallRow(String tool, String arguments) {}

    /// Where the whole is, from its beginning.
    public String path() {
        return "%s/runs/%d/transcript".formatted(ConsoleApi.PREFIX, run);
    }

    /// Where the next part is; only where there is one.
    public String morePath() {
        return path() + "?from=" + more.orElseThrow();
    }
}
