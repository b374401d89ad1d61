package carillon.agent;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.OptionalLong;

/// Where an agent's work on one question ends, whatever its model wants: after so many answers of
/// the model, so many tokens of questions and answers together, so much money in nanodollars
/// (without a bound when absent), and so much time.
public record Bounds(int steps, long tokens, OptionalLong costNanodollars, Duration time) {
    public static final int MAX_STEPS = 1_000;
    public static final long MAX_TOKENS = 1_000_000_000;
    public static final Duration MAX_TIME = Duration.ofHours(24);

    public static final Bounds DEFAULT =
            new Bounds(10, 200_000, OptionalLong.empty(), Duration.ofMinutes(10));

    public Bounds {
        requireNonNull(costNanodollars, "costNanodollars");
        if (steps < 1 || tokens < 1 || !time.isPositive()) {
            throw new IllegalArgumentException(
                    "bounds above 0: " + steps + ", " + tokens + ", " + time);
        }
        if (costNanodollars.isPresent() && costNanodollars.getAsLong() < 0) {
            throw new IllegalArgumentException("a cost of at least 0: " + costNanodollars);
        }
    }
}
