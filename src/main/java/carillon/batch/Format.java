package carillon.batch;

import java.io.InputStream;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/// How a file of rows is written, told by the end of its name.
enum Format {
    CSV(".csv"),
    JSON_LINES(".jsonl");

    private final String ending;

    Format(String ending) {
        this.ending = ending;
    }

    static Optional<Format> of(Path file) {
        var name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        for (var format : values()) {
            if (name.endsWith(format.ending)) {
                return Optional.of(format);
            }
        }
        return Optional.empty();
    }

    String ending() {
        return ending;
    }

    Rows rows(Path path, InputStream bytes, RowRules rules) {
        return switch (this) {
            case CSV -> new CsvRows(path, bytes, rules);
            case JSON_LINES -> new JsonRows(path, bytes, rules);
        };
    }
}
