package carillon.console;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;

/// One task: how it stands, what can be done about it, the balance of its last day, its newest
/// runs, its versions and its definition.
public record TaskView(
        Head head,
        List<Fact> facts,
        Optional<LedgerView> ledger,
        List<RunRow> runs,
        List<VersionRow> versions,
        String definition) {
    public TaskView {
        requireNonNull(head, "head");
        facts = List.copyOf(facts);
        requireNonNull(ledger, "ledger");
        runs = List.copyOf(runs);
        versions = List.copyOf(versions);
        requireNonNull(definition, "definition");
    }

    /// What the task is called, and what whoever looks may do with it.
    public record Head(
            long id,
            String name,
            String description,
            boolean paused,
            boolean operates,
            boolean edits,
            boolean takesInput) {}

    /// A version, and whether it is the one in force.
    public record VersionRow(int number, String madeAt, String madeBy, boolean current) {}
}
