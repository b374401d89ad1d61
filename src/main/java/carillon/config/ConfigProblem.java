package carillon.config;

import static java.util.Objects.requireNonNull;

/// One thing that is wrong with the configuration. `source` says where it stands: `carillon.yaml:3`
/// (a line of the file), `CARILLON_PORT`, `--port`, or empty for what stands nowhere.
public record ConfigProblem(String source, String key, String message) {
    public ConfigProblem {
        requireNonNull(source, "source");
        requireNonNull(key, "key");
        requireNonNull(message, "message");
    }

    @Override
    public String toString() {
        var where = source.isEmpty() ? "" : source + ": ";
        return where + (key.isEmpty() ? message : key + " " + message);
    }
}
