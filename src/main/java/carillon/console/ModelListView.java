package carillon.console;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.OptionalLong;

/// A part of the models: those of the configuration first, then the others, newest first. `older`
/// is where the next part begins; `edits` says whether whoever looks may make and change them.
public record ModelListView(List<ModelRow> rows, OptionalLong older, boolean edits) {
    public ModelListView {
        rows = List.copyOf(rows);
        requireNonNull(older, "older");
    }

    /// A model as one row of a table; its key is in none. Those of the configuration have no id.
    /// `listed` says since when its prices are those of the list.
    public record ModelRow(
            OptionalLong id,
            String name,
            String provider,
            String place,
            String prices,
            String listed,
            String limits,
            String fallbacks,
            String source) {}

    /// Where the older ones are; only where there are any.
    public String olderPath() {
        return ConsoleApi.PREFIX + "/models?before=" + older.orElseThrow();
    }
}
