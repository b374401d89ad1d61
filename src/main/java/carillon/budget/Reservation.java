package carillon.budget;

import static java.util.Objects.requireNonNull;

import carillon.cluster.Holder;
import carillon.run.Lease;
import java.time.Instant;
import java.util.List;

/// Money put aside for one call, in every purse that pays for it. `amount` is the most that the
/// call is expected to cost, in nanodollars.
public record Reservation(
        long id, Claim claim, String model, long amount, Instant at, List<Purse> purses) {
    /// The attempt that the call is a part of, and who holds it.
    public record Claim(long run, int attempt, Holder holder) {
        /// Of a call that somebody makes outside of any run.
        public static final Claim BY_HAND = new Claim(0, 0, new Holder("", 0));

        public Claim {
            requireNonNull(holder, "holder");
        }

        public static Claim of(Lease lease) {
            return new Claim(lease.run().id().value(), lease.run().attempt(), lease.holder());
        }
    }

    public Reservation {
        requireNonNull(claim, "claim");
        requireNonNull(model, "model");
        requireNonNull(at, "at");
        purses = List.copyOf(purses);
        if (amount < 0) {
            throw new IllegalArgumentException("at least nothing: " + amount);
        }
    }
}
