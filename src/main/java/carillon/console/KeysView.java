package carillon.console;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// A part of the API keys. `fresh` is the text of one that has just been made, shown this once;
/// `problem` says why none was; `older` is where the next part begins.
public record KeysView(
        List<KeyRow> rows,
        List<String> apis,
        Optional<String> fresh,
        String problem,
        OptionalLong older) {
    public KeysView {
        rows = List.copyOf(rows);
        apis = List.copyOf(apis);
        requireNonNull(fresh, "fresh");
        requireNonNull(problem, "problem");
        requireNonNull(older, "older");
    }

    /// A key as one row of a table; what it says, it never shows.
    public record KeyRow(
            long id,
            String name,
            String role,
            String scopes,
            String made,
            String expires,
            String lastUsed) {}

    /// Where the older ones are; only where there are any.
    public String olderPath() {
        return ConsoleApi.PREFIX + "/keys?before=" + older.orElseThrow();
    }
}
