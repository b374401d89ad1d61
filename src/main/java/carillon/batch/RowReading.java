package carillon.batch;

import static java.util.Objects.requireNonNull;

import java.util.List;

/// What reading one row comes to.
sealed interface RowReading {
    long number();

    record Good(Row row) implements RowReading {
        public Good {
            requireNonNull(row, "row");
        }

        @Override
        public long number() {
            return row.number();
        }
    }

    /// The row cannot be asked; `id` is its own where it has one. After a `last` one nothing more
    /// can be read.
    record Bad(long number, String id, List<RowProblem> problems, boolean last)
            implements RowReading {
        public Bad {
            requireNonNull(id, "id");
            problems = List.copyOf(problems);
            if (problems.isEmpty()) {
                throw new IllegalArgumentException("a bad row has a problem");
            }
        }
    }
}
