package carillon.workflow;

import static java.util.Objects.requireNonNull;

/// What is to become of a step, by its place in the workflow.
public sealed interface Verdict {
    int step();

    /// It begins now.
    record Begin(int step) implements Verdict {}

    /// It is not done.
    record Skip(int step, String reason) implements Verdict {
        public Skip {
            requireNonNull(reason, "reason");
        }
    }
}
