package carillon.console;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;

/// What became of each fire time of a task over a range, by fire time, and the balance of the
/// range. `next` is the path of the part that follows.
public record SlotsView(
        long task,
        String name,
        String from,
        String to,
        LedgerView ledger,
        List<RunRow> rows,
        Optional<String> next) {
    public SlotsView {
        requireNonNull(name, "name");
        requireNonNull(from, "from");
        requireNonNull(to, "to");
        requireNonNull(ledger, "ledger");
        rows = List.copyOf(rows);
        requireNonNull(next, "next");
    }
}
