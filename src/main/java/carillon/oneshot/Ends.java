package carillon.oneshot;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/// How many runs that put a prompt to `model` ended well and how many did not, and how long their
/// last attempts took in all.
public record Ends(String model, long completed, long failed, Duration spent) {
    public Ends {
        requireNonNull(model, "model");
        requireNonNull(spent, "spent");
    }

    public static Ends none(String model) {
        return new Ends(model, 0, 0, Duration.ZERO);
    }

    /// Both together, under the name of this one.
    public Ends plus(Ends other) {
        return new Ends(
                model, completed + other.completed, failed + other.failed, spent.plus(other.spent));
    }

    public long total() {
        return completed + failed;
    }
}
