package carillon.store;

import static carillon.store.Columns.instant;

import carillon.audit.Change;
import carillon.budget.BudgetStore;
import carillon.budget.Money;
import carillon.budget.Purse;
import carillon.budget.Reservation;
import carillon.budget.Scope;
import carillon.budget.Standing;
import carillon.budget.StoredBudget;
import carillon.budget.Verdict;
import carillon.task.Budget;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Budgets and their purses in SQL.
final class SqlBudgetStore implements BudgetStore {
    private final Database database;
    private final Ids ids;

    SqlBudgetStore(Foundation foundation) {
        this.database = foundation.database();
        this.ids = foundation.ids();
    }

    @Override
    public long newId() {
        return ids.next();
    }

    private static final String FIND = "SELECT * FROM budget WHERE id = :id";

    @Override
    public Optional<StoredBudget> find(long id) {
        return database.read(
                "read budget " + id,
                session -> session.query(FIND).bind("id", id).map((row, _) -> map(row)).findOne());
    }

    private static final String LIST =
            "SELECT * FROM budget WHERE id < :before ORDER BY id DESC LIMIT :limit";

    @Override
    public List<StoredBudget> list(long before, int limit) {
        return database.read(
                "list budgets",
                session ->
                        session.query(LIST)
                                .bind("before", before)
                                .bind("limit", limit)
                                .map((row, _) -> map(row))
                                .list());
    }

    private static StoredBudget map(ResultSet row) throws SQLException {
        return new StoredBudget(
                row.getLong("id"),
                row.getInt("version"),
                Scope.valueOf(row.getString("scope")),
                row.getString("name"),
                new Budget(
                        Money.dollars(row.getLong("limit_nanodollars")),
                        Budget.Period.valueOf(row.getString("period")),
                        ZoneId.of(row.getString("zone")),
                        Budget.OnExhausted.valueOf(row.getString("on_exhausted"))),
                instant(row, "created_at"),
                instant(row, "updated_at"));
    }

    private static final String INSERT =
            """
            INSERT INTO budget (id, version, scope, name, period, limit_nanodollars, zone,
                                on_exhausted, created_at, updated_at)
            VALUES (:id, :version, :scope, :name, :period, :limit, :zone, :onExhausted, :createdAt,
                    :updatedAt)
            ON CONFLICT (scope, name, period) DO NOTHING
            """;

    @Override
    public boolean create(StoredBudget budget) {
        var terms = budget.terms();
        return database.write(
                "create budget " + budget.id(),
                transaction ->
                        transaction.changed(
                                transaction
                                        .update(INSERT)
                                        .bind("id", budget.id())
                                        .bind("version", budget.version())
                                        .bind("scope", budget.scope().name())
                                        .bind("name", Columns.text(budget.name()))
                                        .bind("period", terms.period().name())
                                        .bind("limit", Money.nanodollars(terms.limit()))
                                        .bind("zone", terms.zone().getId())
                                        .bind("onExhausted", terms.onExhausted().name())
                                        .bind("createdAt", budget.createdAt().toEpochMilli())
                                        .bind("updatedAt", budget.updatedAt().toEpochMilli()),
                                change("create", budget)));
    }

    private static final String UPDATE =
            """
            UPDATE budget
               SET version = :version, limit_nanodollars = :limit, zone = :zone,
                   on_exhausted = :onExhausted, updated_at = :updatedAt
             WHERE id = :id AND version = :expected
            """;

    @Override
    public boolean update(StoredBudget budget, int expectedVersion) {
        var terms = budget.terms();
        return database.write(
                "change budget " + budget.id(),
                transaction ->
                        transaction.changed(
                                transaction
                                        .update(UPDATE)
                                        .bind("id", budget.id())
                                        .bind("version", budget.version())
                                        .bind("limit", Money.nanodollars(terms.limit()))
                                        .bind("zone", terms.zone().getId())
                                        .bind("onExhausted", terms.onExhausted().name())
                                        .bind("updatedAt", budget.updatedAt().toEpochMilli())
                                        .bind("expected", expectedVersion),
                                change("update", budget)));
    }

    private static Change change(String verb, StoredBudget budget) {
        var scope = budget.scope().name().toLowerCase(Locale.ROOT) + " " + budget.name();
        return Change.of("budget", verb, budget.id(), scope.strip(), "version " + budget.version());
    }

    private static final String DELETE = "DELETE FROM budget WHERE id = :id";

    private static final String DELETE_PURSES = "DELETE FROM purse WHERE budget = :id";

    @Override
    public boolean delete(long id) {
        return database.write(
                "delete budget " + id,
                transaction -> {
                    boolean deleted =
                            transaction.changed(
                                    transaction.update(DELETE).bind("id", id),
                                    Change.of("budget", "delete", id, "", ""));
                    if (deleted) {
                        transaction.update(DELETE_PURSES).bind("id", id).execute();
                    }
                    return deleted;
                });
    }

    @Override
    public List<Verdict> reserve(List<Reservation> reservations) {
        return database.write(
                "put money aside",
                transaction -> new PurseBooks(transaction).reserve(reservations));
    }

    @Override
    public void settle(List<Settlement> settlements) {
        database.write(
                "book what calls have cost",
                transaction -> new PurseBooks(transaction).settle(settlements));
    }

    static final String FORSAKEN =
            """
            SELECT DISTINCT id, amount FROM reservation
             WHERE (epoch > 0
                    AND NOT EXISTS (SELECT 1 FROM node
                                     WHERE node.epoch = reservation.epoch AND NOT node.ended
                                       AND node.lease_until > :now))
                OR (reserved_at < :madeBefore
                    AND NOT EXISTS (SELECT 1 FROM run
                                     WHERE run.id = reservation.run_id
                                       AND run.attempt = reservation.attempt
                                       AND run.epoch = reservation.epoch
                                       AND run.state IN ('QUEUED', 'RUNNING')))
             ORDER BY id
             LIMIT :limit
            """;

    @Override
    public List<Settlement> forsaken(Instant now, Instant madeBefore, int limit) {
        return database.read(
                "look for calls that nobody settles",
                session ->
                        session.query(FORSAKEN)
                                .bind("now", now.toEpochMilli())
                                .bind("madeBefore", madeBefore.toEpochMilli())
                                .bind("limit", limit)
                                .map(
                                        (row, _) ->
                                                new Settlement(
                                                        row.getLong("id"), row.getLong("amount")))
                                .list());
    }

    static final String STANDINGS =
            """
            SELECT budget, period_start, spent, reserved FROM purse
             WHERE budget IN (/* ids */) AND period_end > :after
            """;

    @Override
    public Map<Purse.Key, Standing> standings(List<Purse> purses) {
        if (purses.isEmpty()) {
            return Map.of();
        }
        var budgets = purses.stream().map(Purse::budget).distinct().toList();
        var wanted = new HashSet<Purse.Key>();
        purses.forEach(purse -> wanted.add(purse.key()));
        var after = purses.stream().map(purse -> purse.span().start()).min(Instant::compareTo);
        var standings = new HashMap<Purse.Key, Standing>();
        database
                .read(
                        "look how budgets stand",
                        session ->
                                session.query(STANDINGS, budgets)
                                        .bind("after", after.orElseThrow().toEpochMilli())
                                        .map((row, _) -> PurseRow.map(row))
                                        .list())
                .stream()
                .filter(row -> wanted.contains(row.key()))
                .forEach(row -> standings.put(row.key(), row.standing()));
        return standings;
    }

    /// A purse's row, as far as it tells how the purse stands.
    private record PurseRow(Purse.Key key, Standing standing) {
        static PurseRow map(ResultSet row) throws SQLException {
            return new PurseRow(
                    new Purse.Key(row.getLong("budget"), instant(row, "period_start")),
                    new Standing(row.getLong("spent"), row.getLong("reserved")));
        }
    }

    static final String PRUNE =
            """
            DELETE FROM purse
             WHERE (budget, period_start) IN (SELECT budget, period_start FROM purse
                                               WHERE period_end < :endedBefore AND reserved = 0
                                               ORDER BY period_end
                                               LIMIT :limit)
            """;

    @Override
    public int prune(Instant endedBefore, int limit) {
        return database.write(
                "forget what was spent long ago",
                transaction ->
                        transaction
                                .update(PRUNE)
                                .bind("endedBefore", endedBefore.toEpochMilli())
                                .bind("limit", limit)
                                .execute());
    }
}
