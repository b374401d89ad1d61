package carillon.console;

import static java.util.Objects.requireNonNull;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalLong;

/// A part of what models have said. `text` holds the words that are looked for, `model` the name
/// that is asked for; both are empty where nothing is. `older` is where the next part begins.
public record ResponseListView(
        String text, String model, List<ResponseRow> rows, OptionalLong older) {
    public ResponseListView {
        requireNonNull(text, "text");
        requireNonNull(model, "model");
        rows = List.copyOf(rows);
        requireNonNull(older, "older");
    }

    /// A response as one row of a table.
    public record ResponseRow(long id, long run, String at, String model, String excerpt) {}

    /// Where the older ones are; only where there are any.
    public String olderPath() {
        return "%s/responses?q=%s&model=%s&before=%d"
                .formatted(ConsoleApi.PREFIX, encoded(text), encoded(model), older.orElseThrow());
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
