package carillon.budget;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Keeps stored budgets, and how the purses of all budgets stand. Each method is one transaction
/// and durable when it returns; two calls that want the last money, on any nodes, do not both get
/// it.
public interface BudgetStore {
    /// A new id, unused so far by budgets and by tasks.
    long newId();

    Optional<StoredBudget> find(long id);

    /// Newest first: those with an id below `before`, at most `limit`.
    List<StoredBudget> list(long before, int limit);

    /// Returns false, and changes nothing, when there is one with its scope, name and period.
    boolean create(StoredBudget budget);

    /// Puts the budget in the place of the one with its id, whose scope, name and period stay;
    /// returns false, and changes nothing, when that is not at `expectedVersion` (any more).
    boolean update(StoredBudget budget, int expectedVersion);

    /// With what it has spent; returns false when there is none.
    boolean delete(long id);

    /// Decides on each reservation in turn, and puts the money of those granted aside: in all of
    /// its purses, or in none.
    List<Verdict> reserve(List<Reservation> reservations);

    /// Books what the calls have cost and gives back the rest of what was put aside for them, with
    /// an event `budget.alert` for each threshold of [Alerts] that is reached. A reservation that
    /// was settled before changes nothing.
    void settle(List<Settlement> settlements);

    /// What the call that was reserved for has cost, in nanodollars; 0 when nothing is charged.
    record Settlement(long reservation, long cost) {
        public Settlement {
            if (cost < 0) {
                throw new IllegalArgumentException("at least nothing: " + cost);
            }
        }
    }

    /// Reservations whose call nobody will settle, each at its whole amount, which it may have
    /// cost: those of holders that are dead at `now`, and those made before `madeBefore` that no
    /// attempt under way is behind. At most `limit`.
    List<Settlement> forsaken(Instant now, Instant madeBefore, int limit);

    /// How the purses stand; one that nothing was taken from is absent.
    Map<Purse.Key, Standing> standings(List<Purse> purses);

    /// Forgets at most `limit` purses whose period ended before `endedBefore`; returns how many.
    int prune(Instant endedBefore, int limit);
}
