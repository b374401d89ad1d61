package carillon.console;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/// A name and what it is; `path` is where more is said about it, if anywhere.
public record Fact(String name, String value, Optional<String> path) {
    public Fact {
        requireNonNull(name, "name");
        requireNonNull(value, "value");
        requireNonNull(path, "path");
    }

    static Fact of(String name, String value) {
        return new Fact(name, value, Optional.empty());
    }
}
