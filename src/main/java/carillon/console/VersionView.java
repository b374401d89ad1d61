package carillon.console;

import static java.util.Objects.requireNonNull;

import java.util.List;

/// One version of a task, as it was written.
public record VersionView(long task, int number, List<Fact> facts, String definition) {
    public VersionView {
        facts = List.copyOf(facts);
        requireNonNull(definition, "definition");
    }
}
