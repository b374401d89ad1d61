package carillon.budget;

import static java.util.Objects.requireNonNull;

import carillon.task.Budget;
import carillon.task.Task;
import carillon.task.TaskId;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// The use cases of budgets. What they return is on disk.
public final class Budgets {
    /// How many budgets can be stored.
    public static final int MAX_STORED = 1_000;

    private final BudgetStore store;
    private final Purses purses;
    private final InstantSource time;

    public Budgets(BudgetStore store, InstantSource time) {
        this.store = requireNonNull(store, "store");
        this.time = requireNonNull(time, "time");
        this.purses = new Purses(store, time);
    }

    /// Which budgets calls fall under, as these use cases leave them.
    Purses purses() {
        return purses;
    }

    /// A budget to be stored; `name` is empty for the installation's.
    public record NewBudget(Scope scope, String name, Budget terms) {
        /// Whether it can take the place of a budget: only its limit, zone and consequence differ.
        public boolean isFor(StoredBudget before) {
            return scope == before.scope()
                    && name.equals(before.name())
                    && terms.period() == before.terms().period();
        }
    }

    public sealed interface Created {
        record Done(StoredBudget budget) implements Created {}

        /// There is one with this scope, name and period.
        record Taken() implements Created {}

        /// There are [#MAX_STORED] already.
        record TooMany() implements Created {}
    }

    public Created create(NewBudget wanted) {
        if (store.list(Long.MAX_VALUE, MAX_STORED).size() >= MAX_STORED) {
            return new Created.TooMany();
        }
        var now = time.instant().truncatedTo(ChronoUnit.MILLIS);
        var budget =
                new StoredBudget(
                        store.newId(), 1, wanted.scope(), wanted.name(), wanted.terms(), now, now);
        if (!store.create(budget)) {
            return new Created.Taken();
        }
        purses.forget();
        return new Created.Done(budget);
    }

    public Optional<StoredBudget> find(long id) {
        return store.find(id);
    }

    /// Newest first: those with an id below `before`, at most `limit`.
    public List<StoredBudget> list(long before, int limit) {
        return store.list(before, limit);
    }

    public sealed interface Changed {
        record Done(StoredBudget budget) implements Changed {}

        record NotFound() implements Changed {}

        /// The budget is no longer at the version that the caller had seen.
        record Conflict(int currentVersion) implements Changed {}
    }

    /// Gives the budget other terms, of the same period, if it still is at `expectedVersion` where
    /// one is given. What has been spent stays, unless the zone begins the period at another
    /// instant.
    public Changed update(long id, Budget terms, OptionalInt expectedVersion) {
        while (true) {
            var found = store.find(id);
            if (found.isEmpty()) {
                return new Changed.NotFound();
            }
            var before = found.get();
            if (expectedVersion.isPresent() && expectedVersion.getAsInt() != before.version()) {
                return new Changed.Conflict(before.version());
            }
            var after =
                    new StoredBudget(
                            id,
                            before.version() + 1,
                            before.scope(),
                            before.name(),
                            terms,
                            before.createdAt(),
                            time.instant().truncatedTo(ChronoUnit.MILLIS));
            if (store.update(after, before.version())) {
                purses.forget();
                return new Changed.Done(after);
            }
            // Somebody else's change came between: judge anew on what stands now.
        }
    }

    /// Returns false when there is none.
    public boolean delete(long id) {
        boolean deleted = store.delete(id);
        purses.forget();
        return deleted;
    }

    /// A purse and how it stands.
    public record Account(Purse purse, Standing standing) {
        public Account {
            requireNonNull(purse, "purse");
            requireNonNull(standing, "standing");
        }

        /// In nanodollars.
        public long left() {
            return standing.left(purse.limit());
        }
    }

    /// How the budgets stand in their current periods, in their order.
    public List<Account> accounts(List<StoredBudget> budgets) {
        var now = time.instant();
        return accountsOf(budgets.stream().map(budget -> Purse.of(budget, now)).toList());
    }

    /// The same for the tasks' own budgets; tasks without one are absent.
    public Map<TaskId, Account> accountsOfTasks(List<Task> tasks) {
        var now = time.instant();
        var wanted =
                tasks.stream()
                        .flatMap(
                                task ->
                                        task.definition().budget().stream()
                                                .map(own -> Purse.of(task.id(), own, now)))
                        .toList();
        var accounts = new HashMap<TaskId, Account>();
        for (var account : accountsOf(wanted)) {
            accounts.put(new TaskId(account.purse().budget()), account);
        }
        return accounts;
    }

    /// How the purses stand, in their order.
    List<Account> accountsOf(List<Purse> wanted) {
        if (wanted.isEmpty()) {
            return List.of();
        }
        var standings = store.standings(wanted);
        return wanted.stream()
                .map(
                        purse ->
                                new Account(
                                        purse,
                                        standings.getOrDefault(purse.key(), Standing.UNTOUCHED)))
                .toList();
    }
}
