package carillon.batch;

import static java.util.Objects.requireNonNull;

/// How a batch, or the work on it so far, ended. Where it did not end whole, what was done is kept,
/// and the batch can be resumed.
public sealed interface BatchEnd {
    /// The output is there. Rows that failed are in the file beside it.
    record Whole(Totals totals) implements BatchEnd {
        public Whole {
            requireNonNull(totals, "totals");
        }
    }

    /// It was told to stop.
    record Stopped(Totals totals) implements BatchEnd {
        public Stopped {
            requireNonNull(totals, "totals");
        }
    }

    /// The next row might have cost more than is left.
    record OutOfBudget(Totals totals) implements BatchEnd {
        public OutOfBudget {
            requireNonNull(totals, "totals");
        }
    }

    /// Rows of the input cannot be asked, and so none was.
    record BadRows(RowProblems problems) implements BatchEnd {
        public BadRows {
            requireNonNull(problems, "problems");
        }
    }

    /// It could not begin, or not go on.
    record Refused(Cause cause, String reason) implements BatchEnd {
        public Refused {
            requireNonNull(cause, "cause");
            requireNonNull(reason, "reason");
        }
    }

    /// What a refusal is about.
    enum Cause {
        /// What was asked for makes no sense.
        SETTINGS,
        /// The input is not there or cannot be read.
        INPUT,
        /// The input is no longer what it was.
        CHANGED,
        /// The output, or what is kept beside it, cannot be written.
        OUTPUT,
        /// An unfinished batch, or another process, has the output.
        TAKEN
    }
}
