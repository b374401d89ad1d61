package carillon.console;

import static java.util.Objects.requireNonNull;

import java.util.List;

/// One version of a task, as it was written; `rollsBack` says whether whoever looks may bring it
/// back.
public record VersionView(
        long task, int number, List<Fact> facts, String definition, boolean rollsBack) {
    public VersionView {
        facts = List.copyOf(facts);
        requireNonNull(definition, "definition");
    }
}
