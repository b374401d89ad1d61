package carillon.action;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;

/// Until when an answer is needed.
public sealed interface NeededBy {
    /// At that instant.
    record At(Instant instant) implements NeededBy {
        public At {
            requireNonNull(instant, "instant");
        }
    }

    /// So long after the run was due; above 0.
    record Within(Duration length) implements NeededBy {
        public Within {
            if (!length.isPositive()) {
                throw new IllegalArgumentException("a length above 0: " + length);
            }
        }
    }

    /// For a run that was due then.
    default Instant from(Instant due) {
        return switch (this) {
            case At(var instant) -> instant;
            case Within(var length) -> due.plus(length);
        };
    }
}
