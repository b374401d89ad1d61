package carillon.store;

import static carillon.store.Columns.instant;
import static carillon.store.Columns.optionalInt;
import static carillon.store.Columns.text;

import carillon.audit.Change;
import carillon.outbox.Delivery;
import carillon.webhook.Subscription;
import carillon.webhook.WebhookEvent;
import carillon.webhook.WebhookStore.Listener;
import carillon.webhook.WebhookStore.Message;
import carillon.webhook.WebhookStore.Try;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The deliveries to subscriptions, and the tries that were made of them, in SQL.
final class WebhookDeliveries {
    private final Database database;

    WebhookDeliveries(Database database) {
        this.database = database;
    }

    private static final String REMEMBER =
            """
            INSERT INTO webhook_told (webhook_id, occurrence, told_at)
            VALUES (:webhook, :occurrence, :now)
            ON CONFLICT (webhook_id, occurrence) DO NOTHING
            """;

    private static final String INSERT =
            """
            INSERT INTO delivery (id, kind, owner, task_id, position, type, target, payload, state,
                                  attempts, due_at, error, created_at)
            VALUES (:id, 'WEBHOOK', :owner, :task, 0, :type, :target, :payload, 'PENDING',
                    0, :now, '', :now)
            """;

    /// Of messages that are told once, those that were not told before.
    static void insert(
            Transaction transaction,
            Listener listener,
            List<Message> messages,
            Ids.Range ids,
            Instant now) {
        var batch = transaction.batch(INSERT);
        for (var message : messages) {
            if (isNew(transaction, listener, message, now)) {
                batch.bind("id", ids.next())
                        .bind("owner", listener.id())
                        .bind("task", message.task())
                        .bind("type", message.event().word())
                        .bind("target", text(listener.target()))
                        .bind("payload", text(message.body()))
                        .bind("now", now.toEpochMilli())
                        .add();
            }
        }
        Session.run(batch);
    }

    private static boolean isNew(
            Transaction transaction, Listener listener, Message message, Instant now) {
        return message.once().isEmpty()
                || transaction
                                .update(REMEMBER)
                                .bind("webhook", listener.id())
                                .bind("occurrence", message.once().get())
                                .bind("now", now.toEpochMilli())
                                .execute()
                        == 1;
    }

    private static final String BEGIN =
            """
            INSERT INTO delivery (id, kind, owner, task_id, position, type, target, payload, state,
                                  attempts, due_at, node, error, created_at, attempted_at)
            VALUES (:id, 'WEBHOOK', :owner, 0, 0, :type, :target, :payload, 'PENDING',
                    1, :until, :node, '', :now, :now)
            """;

    /// A test that this node has in hand.
    static void begin(
            Transaction transaction, long id, Subscription subscription, Beginning beginning) {
        transaction
                .update(BEGIN)
                .bind("id", id)
                .bind("owner", subscription.id())
                .bind("type", WebhookEvent.TEST)
                .bind("target", text(subscription.terms().target()))
                .bind("payload", text(beginning.body))
                .bind("node", text(beginning.node))
                .bind("now", beginning.now.toEpochMilli())
                .bind("until", beginning.until.toEpochMilli())
                .execute();
    }

    /// What `node` begins to send `now`, and has in hand until `until`.
    record Beginning(String body, String node, Instant now, Instant until) {}

    static final String FIND =
            "SELECT * FROM delivery WHERE id = :id AND owner = :owner AND kind = 'WEBHOOK'";

    static Optional<Delivery> find(Session session, long subscription, long id) {
        return session.query(FIND)
                .bind("id", id)
                .bind("owner", subscription)
                .map((row, _) -> SqlDeliveryStore.map(row))
                .findOne();
    }

    static final String LIST =
            """
            SELECT * FROM delivery
             WHERE kind = 'WEBHOOK' AND owner = :owner AND id < :before
             ORDER BY id DESC
             LIMIT :limit
            """;

    List<Delivery> list(long subscription, long before, int limit) {
        return database.read(
                "list the deliveries of webhook " + subscription,
                session ->
                        session.query(LIST)
                                .bind("owner", subscription)
                                .bind("before", before)
                                .bind("limit", limit)
                                .map((row, _) -> SqlDeliveryStore.map(row))
                                .list());
    }

    private static final String LOG =
            """
            INSERT INTO webhook_try (delivery_id, attempt, begun_at, took_ms, status, response,
                                     error)
            VALUES (:delivery, :attempt, :begunAt, :tookMillis, CAST(:status AS integer), :response,
                    :error)
            ON CONFLICT (delivery_id, attempt) DO NOTHING
            """;

    static void log(Transaction transaction, long delivery, Try made) {
        transaction
                .update(LOG)
                .bind("delivery", delivery)
                .bind("attempt", made.attempt())
                .bind("begunAt", made.begunAt().toEpochMilli())
                .bind("tookMillis", made.tookMillis())
                .bind("status", Columns.number(made.status()))
                .bind("response", text(made.response()))
                .bind("error", text(made.error()))
                .execute();
    }

    static final String TRIES =
            """
            SELECT * FROM webhook_try WHERE delivery_id IN (/* ids */)
             ORDER BY delivery_id, attempt
            """;

    private record Row(long delivery, Try made) {
        static Row map(ResultSet row) throws SQLException {
            return new Row(
                    row.getLong("delivery_id"),
                    new Try(
                            row.getInt("attempt"),
                            instant(row, "begun_at"),
                            row.getLong("took_ms"),
                            optionalInt(row, "status"),
                            row.getString("response"),
                            row.getString("error")));
        }
    }

    Map<Long, List<Try>> tries(List<Long> deliveries) {
        var rows =
                database.read(
                        "read tries of deliveries",
                        session ->
                                session.query(TRIES, deliveries)
                                        .map((row, _) -> Row.map(row))
                                        .list());
        var tries = new LinkedHashMap<Long, List<Try>>();
        rows.forEach(
                row -> tries.computeIfAbsent(row.delivery, _ -> new ArrayList<>()).add(row.made));
        return tries;
    }

    /// `node` is NULL while nobody has it in hand.
    private static final String REDELIVER =
            """
            UPDATE delivery
               SET state = 'PENDING', due_at = :now, node = NULL, finished_at = NULL, error = ''
             WHERE id = :id AND owner = :owner AND kind = 'WEBHOOK'
               AND (state <> 'PENDING' OR node IS NULL)
            """;

    boolean redeliver(long subscription, long delivery, Instant now) {
        return database.write(
                "redeliver " + delivery,
                transaction ->
                        transaction.changed(
                                transaction
                                        .update(REDELIVER)
                                        .bind("id", delivery)
                                        .bind("owner", subscription)
                                        .bind("now", now.toEpochMilli()),
                                Change.of(
                                        "webhook",
                                        "redeliver",
                                        subscription,
                                        "",
                                        "delivery " + delivery)));
    }

    /// In order of their ids, which grow with time.
    static final String PRUNABLE =
            """
            SELECT id FROM delivery
             WHERE kind = 'WEBHOOK'
               AND ((state <> 'PENDING' AND created_at < :before)
                    OR NOT EXISTS (SELECT 1 FROM webhook WHERE webhook.id = delivery.owner))
             LIMIT :limit
            """;

    int prune(Instant madeBefore, int limit) {
        var ids =
                database.read(
                        "look for deliveries that are old",
                        session ->
                                session.query(PRUNABLE)
                                        .bind("before", madeBefore.toEpochMilli())
                                        .bind("limit", limit)
                                        .mapTo(Long.class)
                                        .list());
        return database.write(
                "forget deliveries that are old",
                transaction -> {
                    transaction
                            .update("DELETE FROM webhook_told WHERE told_at < :before")
                            .bind("before", madeBefore.toEpochMilli())
                            .execute();
                    transaction
                            .update("DELETE FROM webhook_try WHERE delivery_id IN (/* ids */)", ids)
                            .execute();
                    return transaction
                            .update("DELETE FROM delivery WHERE id IN (/* ids */)", ids)
                            .execute();
                });
    }
}
