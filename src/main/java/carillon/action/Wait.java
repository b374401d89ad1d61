package carillon.action;

import java.time.Duration;

/// Lets so much time pass, in a workflow. `time` is above 0.
public record Wait(Duration time) implements Action {
    public Wait {
        if (!time.isPositive()) {
            throw new IllegalArgumentException("a wait is longer than nothing");
        }
    }
}
