package carillon.budget;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// Whether there is money for a call.
public sealed interface Verdict {
    /// Every purse has enough; the money is put aside.
    record Granted() implements Verdict {}

    /// The money is put aside for other calls that have not ended; what they do not need comes
    /// back.
    record Busy(Purse purse, Standing standing) implements Verdict {
        public Busy {
            requireNonNull(purse, "purse");
            requireNonNull(standing, "standing");
        }
    }

    /// These purses do not have enough any more; one at least.
    record Exhausted(List<Shortfall> shortfalls) implements Verdict {
        public Exhausted {
            shortfalls = List.copyOf(shortfalls);
            if (shortfalls.isEmpty()) {
                throw new IllegalArgumentException("nothing is short");
            }
        }
    }

    /// A purse that has not enough for an amount.
    record Shortfall(Purse purse, Standing standing, long amount) {
        public Shortfall {
            requireNonNull(purse, "purse");
            requireNonNull(standing, "standing");
        }

        /// Not even a whole limit is enough.
        boolean isHopeless() {
            return amount > purse.limit();
        }
    }

    /// Pure: the same purses in the same state give the same verdict. A purse that is used up wins
    /// over one that is only busy.
    static Verdict of(long amount, List<Purse> purses, Function<Purse, Standing> standings) {
        var shortfalls = new ArrayList<Shortfall>();
        var busy = new ArrayList<Busy>();
        for (var purse : purses) {
            var standing = standings.apply(purse);
            if (standing.fits(amount, purse.limit())) {
                continue;
            }
            if (standing.couldFit(amount, purse.limit())) {
                busy.add(new Busy(purse, standing));
            } else {
                shortfalls.add(new Shortfall(purse, standing, amount));
            }
        }
        if (!shortfalls.isEmpty()) {
            return new Exhausted(shortfalls);
        }
        return busy.isEmpty() ? new Granted() : busy.getFirst();
    }
}
