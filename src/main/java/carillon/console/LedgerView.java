package carillon.console;

import static java.util.Objects.requireNonNull;

import carillon.run.Ledger;
import carillon.run.RunState;

/// The balance of a task's fire times over a range, in words that can be added up.
public record LedgerView(String range, String sum, boolean addsUp) {
    public LedgerView {
        requireNonNull(range, "range");
        requireNonNull(sum, "sum");
    }

    static LedgerView of(Ledger ledger) {
        var sum =
                ("%s expected = %s succeeded + %s failed + %s cancelled"
                                + " + %s skipped + %s missed + %s open")
                        .formatted(
                                Words.number(ledger.expected()),
                                Words.number(ledger.in(RunState.SUCCEEDED)),
                                Words.number(ledger.in(RunState.FAILED)),
                                Words.number(ledger.in(RunState.CANCELLED)),
                                Words.number(ledger.in(RunState.SKIPPED)),
                                Words.number(ledger.in(RunState.MISSED)),
                                Words.number(ledger.open()));
        return new LedgerView(
                Words.time(ledger.from()) + " to " + Words.time(ledger.to()), sum, ledger.addsUp());
    }

    /// For a range with more fire times than are counted.
    static LedgerView tooWide(String range) {
        return new LedgerView(range, "more fire times than are counted at once", true);
    }
}
