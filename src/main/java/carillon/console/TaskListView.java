package carillon.console;

import static java.util.Objects.requireNonNull;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalLong;

/// A part of the list of tasks. `text` is what is looked for; `older` is where the next part
/// begins; `edits` says whether whoever looks may make tasks.
public record TaskListView(String text, List<TaskRow> rows, OptionalLong older, boolean edits) {
    public TaskListView {
        requireNonNull(text, "text");
        rows = List.copyOf(rows);
        requireNonNull(older, "older");
    }

    /// A task as one row of a table; `last` is how its newest run ended, in the style sheet's word.
    public record TaskRow(
            long id, String name, String schedule, String next, String last, String tone) {}

    /// Where the older ones are; only where there are any.
    public String olderPath() {
        return ConsoleApi.PREFIX
                + "/tasks?q="
                + URLEncoder.encode(text, StandardCharsets.UTF_8)
                + "&before="
                + older.orElseThrow();
    }
}
