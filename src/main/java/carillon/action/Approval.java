package carillon.action;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Optional;

/// Waits, in a workflow, for a person to say yes or no to the `question`. It has failed when nobody
/// has within the `deadline`, which is above 0.
public record Approval(String question, Optional<Duration> deadline) implements Action {
    public static final int MAX_QUESTION_LENGTH = 2_000;

    public Approval {
        requireNonNull(question, "question");
        requireNonNull(deadline, "deadline");
        if (deadline.filter(time -> !time.isPositive()).isPresent()) {
            throw new IllegalArgumentException("a deadline is later than now");
        }
    }
}
