package carillon.budget;

import carillon.task.Budget;
import carillon.task.TaskId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Which budgets a call falls under. The stored ones are remembered for [#REMEMBERED], so that
/// without any a call costs no look at the database; a change on another node is heeded after that
/// time, one on this node at once.
final class Purses {
    static final Duration REMEMBERED = Duration.ofSeconds(1);

    private final BudgetStore store;
    private final InstantSource time;
    private List<StoredBudget> stored = List.of();
    private Optional<Instant> readAt = Optional.empty();

    Purses(BudgetStore store, InstantSource time) {
        this.store = store;
        this.time = time;
    }

    /// The task's own, first, and those of everything that covers the spender.
    List<Purse> of(TaskId task, Optional<Budget> terms, Spender spender) {
        var now = time.instant();
        var purses = new ArrayList<Purse>();
        terms.ifPresent(own -> purses.add(Purse.of(task, own, now)));
        purses.addAll(of(spender, now));
        return purses;
    }

    /// Those of everything that covers the spender.
    List<Purse> of(Spender spender) {
        return of(spender, time.instant());
    }

    private List<Purse> of(Spender spender, Instant now) {
        return stored(now).stream()
                .filter(budget -> budget.covers(spender))
                .map(budget -> Purse.of(budget, now))
                .toList();
    }

    private synchronized List<StoredBudget> stored(Instant now) {
        boolean fresh =
                readAt.stream()
                        .anyMatch(at -> Duration.between(at, now).abs().compareTo(REMEMBERED) < 0);
        if (!fresh) {
            stored = store.list(Long.MAX_VALUE, Budgets.MAX_STORED);
            readAt = Optional.of(now);
        }
        return stored;
    }

    synchronized void forget() {
        readAt = Optional.empty();
    }
}
