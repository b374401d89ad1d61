package carillon.console;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.OptionalLong;

/// A part of the budgets, newest first, and how they stand. `older` is where the next part begins;
/// `edits` says whether whoever looks may make and change them.
public record BudgetListView(List<BudgetRow> rows, OptionalLong older, boolean edits) {
    public BudgetListView {
        rows = List.copyOf(rows);
        requireNonNull(older, "older");
    }

    /// A budget as one row of a table, money in words; `gone` is how many hundredths of the limit
    /// are spent or put aside.
    public record BudgetRow(
            long id,
            String label,
            String limit,
            int gone,
            String spent,
            String reserved,
            String left,
            String resets,
            String then) {
        /// As the style sheet names it.
        public String tone() {
            return gone >= 100 ? "failed" : "none";
        }
    }

    /// Where the older ones are; only where there are any.
    public String olderPath() {
        return ConsoleApi.PREFIX + "/budgets?before=" + older.orElseThrow();
    }
}
