package carillon.store;

import static carillon.store.Columns.instant;
import static carillon.store.Columns.optionalInstant;
import static carillon.store.Columns.text;

import carillon.outbox.Delivery;
import carillon.outbox.Delivery.State;
import carillon.outbox.DeliveryStore;
import carillon.outbox.Ending;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.statement.Update;

/// Deliveries in SQL. Those of runs are written by [NewDeliveries].
final class SqlDeliveryStore implements DeliveryStore {
    private final Database database;

    SqlDeliveryStore(Foundation foundation) {
        this.database = foundation.database();
    }

    static final String OF_OWNER =
            "SELECT * FROM delivery WHERE owner = :owner ORDER BY position, id";

    @Override
    public List<Delivery> of(long owner) {
        return database.read(
                "read the deliveries of " + owner,
                session ->
                        session.query(OF_OWNER)
                                .bind("owner", owner)
                                .map((row, _) -> map(row))
                                .list());
    }

    static Delivery map(ResultSet row) throws SQLException {
        return new Delivery(
                row.getLong("id"),
                Delivery.Kind.valueOf(row.getString("kind")),
                new Delivery.Subject(row.getLong("owner"), row.getLong("task_id")),
                row.getInt("position"),
                row.getString("type"),
                row.getString("target"),
                Optional.ofNullable(row.getString("payload")),
                new Delivery.Progress(
                        State.valueOf(row.getString("state")),
                        row.getInt("attempts"),
                        instant(row, "due_at"),
                        row.getString("error"),
                        instant(row, "created_at"),
                        optionalInstant(row, "attempted_at"),
                        optionalInstant(row, "finished_at")));
    }

    /// MATERIALIZED, so that PostgreSQL locks exactly the rows that it then changes.
    static final String CLAIM =
            """
            WITH due AS MATERIALIZED (
                SELECT id FROM delivery
                 WHERE state = 'PENDING' AND due_at <= :now
                 ORDER BY due_at, id
                 LIMIT :limit
                 /* lock, skip locked */
            )
            UPDATE delivery
               SET attempts = attempts + 1, node = :node, attempted_at = :now, due_at = :until
             WHERE id IN (SELECT id FROM due)
            RETURNING *
            """;

    @Override
    public List<Delivery> claim(String node, int limit, Instant now, Instant until) {
        return database.write(
                "claim deliveries that are due",
                transaction ->
                        transaction
                                .query(CLAIM)
                                .bind("now", now.toEpochMilli())
                                .bind("limit", limit)
                                .bind("node", text(node))
                                .bind("until", until.toEpochMilli())
                                .map((row, _) -> map(row))
                                .stream()
                                .sorted(Comparator.comparingLong(Delivery::id))
                                .toList());
    }

    static final String NEXT_DUE = "SELECT min(due_at) FROM delivery WHERE state = 'PENDING'";

    @Override
    public Optional<Instant> nextDue() {
        return database.read(
                        "look for the next delivery that is due",
                        session -> session.query(NEXT_DUE).mapTo(Long.class).findOne())
                .map(Instant::ofEpochMilli);
    }

    static final String AGAIN =
            """
            UPDATE delivery SET due_at = :at, error = :error, node = NULL
             WHERE id = :id AND attempts = :attempts AND state = 'PENDING'
            """;

    static final String FINISH =
            """
            UPDATE delivery SET state = :state, error = :error, finished_at = :now, node = NULL
             WHERE id = :id AND attempts = :attempts AND state = 'PENDING'
            """;

    @Override
    public boolean end(Delivery delivery, Ending ending, Instant now) {
        return database.write(
                "write the end of delivery " + delivery.id(),
                transaction -> {
                    boolean changed = update(transaction, delivery, ending, now).execute() == 1;
                    if (changed) {
                        announce(transaction, delivery, ending);
                    }
                    return changed;
                });
    }

    private static Update update(
            Transaction transaction, Delivery delivery, Ending ending, Instant now) {
        var update =
                switch (ending) {
                    case Ending.Delivered() -> finish(transaction, State.DELIVERED, "", now);
                    case Ending.GivenUp(var error) -> finish(transaction, State.FAILED, error, now);
                    case Ending.Again(var at, var error) ->
                            transaction
                                    .update(AGAIN)
                                    .bind("at", at.toEpochMilli())
                                    .bind("error", text(error));
                };
        return update.bind("id", delivery.id()).bind("attempts", delivery.progress().attempts());
    }

    private static Update finish(Transaction transaction, State state, String error, Instant now) {
        return transaction
                .update(FINISH)
                .bind("state", state.name())
                .bind("error", text(error))
                .bind("now", now.toEpochMilli());
    }

    /// Those to webhooks have a log of their own.
    private static void announce(Transaction transaction, Delivery delivery, Ending ending) {
        if (delivery.kind() == Delivery.Kind.WEBHOOK) {
            return;
        }
        switch (ending) {
            case Ending.Delivered() ->
                    transaction.events().addDelivery("delivery.delivered", delivery, "");
            case Ending.GivenUp(var error) ->
                    transaction.events().addDelivery("delivery.failed", delivery, error);
            case Ending.Again(_, var error) ->
                    transaction.events().addDelivery("delivery.retrying", delivery, error);
        }
    }
}
