package carillon.console;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.OptionalLong;

/// A part of the batches, newest first. `newest` says whether it is the first part, which is kept
/// true; `older` is where the next one begins.
public record BatchListView(List<BatchRow> rows, boolean newest, OptionalLong older) {
    public BatchListView {
        rows = List.copyOf(rows);
        requireNonNull(older, "older");
    }

    /// Where the older ones are; only where there are any.
    public String olderPath() {
        return ConsoleApi.PREFIX + "/batches?before=" + older.orElseThrow();
    }
}
