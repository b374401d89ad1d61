package carillon.console;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.OptionalLong;

/// A part of the steps of a run of a workflow, in the order in which they came about. `more` is
/// where the next part begins.
public record StepListView(long run, List<StepRow> rows, OptionalLong more) {
    public StepListView {
        rows = List.copyOf(rows);
        requireNonNull(more, "more");
    }

    /// Where the next ones are; only where there are any.
    public String morePath() {
        return "%s/runs/%d/steps?after=%d".formatted(ConsoleApi.PREFIX, run, more.orElseThrow());
    }
}
