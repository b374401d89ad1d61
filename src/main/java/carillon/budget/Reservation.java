package carillon.budget;

import static java.util.Objects.requireNonNull;

import carillon.cluster.Holder;
import carillon.run.RunId;
import java.time.Instant;
import java.util.List;

/// Money put aside for one call of one attempt, in every purse that pays for it. `amount` is the
/// most that the call is expected to cost, in nanodollars.
public record Reservation(
        long id,
        RunId run,
        int attempt,
        Holder holder,
        String model,
        long amount,
        Instant at,
        List<Purse> purses) {
    public Reservation {
        requireNonNull(run, "run");
        requireNonNull(holder, "holder");
        requireNonNull(model, "model");
        requireNonNull(at, "at");
        purses = List.copyOf(purses);
        if (amount < 0) {
            throw new IllegalArgumentException("at least nothing: " + amount);
        }
    }
}
