package carillon.batch;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// What is wrong with the rows of an input: all are counted, the first [#MAX_KEPT] are kept.
public final class RowProblems {
    public static final int MAX_KEPT = 1_000;

    private final List<RowProblem> kept = new ArrayList<>();
    private long count;

    void add(RowProblem problem) {
        count++;
        if (kept.size() < MAX_KEPT) {
            kept.add(problem);
        }
    }

    void addAll(List<RowProblem> problems) {
        problems.forEach(this::add);
    }

    public long count() {
        return count;
    }

    /// In the order of the rows.
    public List<RowProblem> kept() {
        return kept.stream().sorted(Comparator.comparingLong(RowProblem::row)).toList();
    }
}
