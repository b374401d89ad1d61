package carillon.store;

import static carillon.store.Columns.instant;

import carillon.budget.Alerts;
import carillon.budget.BudgetStore.Settlement;
import carillon.budget.Purse;
import carillon.budget.Reservation;
import carillon.budget.Standing;
import carillon.budget.Verdict;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The books of purses within one transaction. Purses are locked before anything is decided, in the
/// order of their keys, so that two nodes neither give out the same money nor wait for each other.
final class PurseBooks {
    private final Transaction transaction;

    PurseBooks(Transaction transaction) {
        this.transaction = transaction;
    }

    private static final String OPEN =
            """
            INSERT INTO purse (budget, period_start, period_end, label, limit_nanodollars, spent,
                               reserved, alerted)
            VALUES (:budget, :start, :end, :label, :limit, 0, 0, 0)
            ON CONFLICT (budget, period_start) DO NOTHING
            """;

    static final String TAKE =
            """
            SELECT * FROM purse
             WHERE budget IN (/* ids */) AND period_start >= :from
             ORDER BY budget, period_start
            /* lock */
            """;

    private static final String PUT_ASIDE =
            """
            UPDATE purse
               SET reserved = :reserved, limit_nanodollars = :limit, label = :label
             WHERE budget = :budget AND period_start = :start
            """;

    private static final String INSERT =
            """
            INSERT INTO reservation (id, budget, period_start, amount, run_id, attempt, node, epoch,
                                     model, reserved_at)
            VALUES (:id, :budget, :start, :amount, :run, :attempt, :node, :epoch, :model, :at)
            """;

    /// A purse as its row tells.
    private record Row(Purse.Key key, String label, long limit, Standing standing, int alerted) {
        static Row map(ResultSet row) throws SQLException {
            return new Row(
                    new Purse.Key(row.getLong("budget"), instant(row, "period_start")),
                    row.getString("label"),
                    row.getLong("limit_nanodollars"),
                    new Standing(row.getLong("spent"), row.getLong("reserved")),
                    row.getInt("alerted"));
        }
    }

    List<Verdict> reserve(List<Reservation> reservations) {
        var purses = new TreeMap<Purse.Key, Purse>();
        reservations.forEach(one -> one.purses().forEach(purse -> purses.put(purse.key(), purse)));
        var standings = new HashMap<Purse.Key, Standing>();
        take(purses).forEach((key, row) -> standings.put(key, row.standing));
        var verdicts = new ArrayList<Verdict>();
        var granted = new ArrayList<Reservation>();
        for (var one : reservations) {
            var verdict =
                    Verdict.of(
                            one.amount(),
                            one.purses(),
                            purse -> standings.getOrDefault(purse.key(), Standing.UNTOUCHED));
            verdicts.add(verdict);
            if (verdict instanceof Verdict.Granted) {
                granted.add(one);
                one.purses()
                        .forEach(
                                purse ->
                                        standings.computeIfPresent(
                                                purse.key(),
                                                (_, now) -> now.reserving(one.amount())));
            }
        }
        if (!granted.isEmpty()) {
            write(granted, purses, standings);
        }
        return verdicts;
    }

    /// The purses, locked, all of which are there afterwards.
    private Map<Purse.Key, Row> take(Map<Purse.Key, Purse> purses) {
        var found = take(purses.keySet());
        if (found.keySet().containsAll(purses.keySet())) {
            return found;
        }
        var opening = transaction.batch(OPEN);
        purses.forEach(
                (key, purse) ->
                        opening.bind("budget", key.budget())
                                .bind("start", key.start().toEpochMilli())
                                .bind("end", purse.span().end().toEpochMilli())
                                .bind("label", Columns.text(purse.label()))
                                .bind("limit", purse.limit())
                                .add());
        Session.run(opening);
        return take(purses.keySet());
    }

    private Map<Purse.Key, Row> take(Collection<Purse.Key> keys) {
        var budgets = keys.stream().map(Purse.Key::budget).distinct().toList();
        var from = keys.stream().map(Purse.Key::start).min(Instant::compareTo).orElseThrow();
        var rows = new HashMap<Purse.Key, Row>();
        transaction
                .query(TAKE, budgets)
                .bind("from", from.toEpochMilli())
                .map((row, _) -> Row.map(row))
                .forEach(row -> rows.put(row.key, row));
        return rows;
    }

    private void write(
            List<Reservation> granted,
            Map<Purse.Key, Purse> purses,
            Map<Purse.Key, Standing> standings) {
        var putAside = transaction.batch(PUT_ASIDE);
        purses.forEach(
                (key, purse) ->
                        putAside.bind("budget", key.budget())
                                .bind("start", key.start().toEpochMilli())
                                .bind("reserved", reserved(standings, key))
                                .bind("limit", purse.limit())
                                .bind("label", Columns.text(purse.label()))
                                .add());
        Session.run(putAside);
        var rows = transaction.batch(INSERT);
        for (var one : granted) {
            for (var purse : one.purses()) {
                rows.bind("id", one.id())
                        .bind("budget", purse.budget())
                        .bind("start", purse.span().start().toEpochMilli())
                        .bind("amount", one.amount())
                        .bind("run", one.claim().run())
                        .bind("attempt", one.claim().attempt())
                        .bind("node", one.claim().holder().node())
                        .bind("epoch", one.claim().holder().epoch())
                        .bind("model", Columns.text(one.model()))
                        .bind("at", one.at().toEpochMilli())
                        .add();
            }
        }
        Session.run(rows);
    }

    private static long reserved(Map<Purse.Key, Standing> standings, Purse.Key key) {
        return standings.getOrDefault(key, Standing.UNTOUCHED).reserved();
    }

    /// Whoever deletes a reservation settles it, and nobody else.
    static final String CLOSE =
            """
            DELETE FROM reservation WHERE id IN (/* ids */)
            RETURNING id, budget, period_start, amount
            """;

    private static final String BOOK =
            """
            UPDATE purse SET spent = :spent, reserved = :reserved, alerted = :alerted
             WHERE budget = :budget AND period_start = :start
            """;

    private record Closed(long id, Purse.Key key, long amount) {
        static Closed map(ResultSet row) throws SQLException {
            return new Closed(
                    row.getLong("id"),
                    new Purse.Key(row.getLong("budget"), instant(row, "period_start")),
                    row.getLong("amount"));
        }
    }

    /// Returns how many rows were settled.
    int settle(List<Settlement> settlements) {
        var costs = new HashMap<Long, Long>();
        settlements.forEach(one -> costs.put(one.reservation(), one.cost()));
        var closed =
                transaction.query(CLOSE, costs.keySet()).map((row, _) -> Closed.map(row)).list();
        if (closed.isEmpty()) {
            return 0;
        }
        var rows = take(closed.stream().map(Closed::key).toList());
        var booking = transaction.batch(BOOK);
        for (var row : new TreeMap<>(rows).values()) {
            var after = row.standing;
            for (var one : closed) {
                if (one.key.equals(row.key)) {
                    after = after.settling(one.amount, costs.getOrDefault(one.id, 0L));
                }
            }
            booking.bind("budget", row.key.budget())
                    .bind("start", row.key.start().toEpochMilli())
                    .bind("spent", after.spent())
                    .bind("reserved", after.reserved())
                    .bind("alerted", alert(row, after))
                    .add();
        }
        Session.run(booking);
        return closed.size();
    }

    /// Tells of the thresholds that are reached; returns the highest told of so far, in percent.
    private int alert(Row row, Standing standing) {
        int told = row.alerted;
        for (int percent : Alerts.due(standing.spent(), row.limit, told)) {
            transaction
                    .events()
                    .addBudgetAlert(
                            row.key.budget(), row.label, percent, standing.spent(), row.limit);
            told = percent;
        }
        return told;
    }
}
