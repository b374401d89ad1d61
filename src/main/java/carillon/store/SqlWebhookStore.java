package carillon.store;

import carillon.audit.Change;
import carillon.outbox.Delivery;
import carillon.secret.Seal;
import carillon.webhook.Standing;
import carillon.webhook.Subscription;
import carillon.webhook.WebhookEvent;
import carillon.webhook.WebhookStore;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Subscriptions in SQL. What is to be delivered to them are rows of `delivery`, of which the owner
/// is the subscription; see [WebhookDeliveries].
final class SqlWebhookStore implements WebhookStore {
    private final Database database;
    private final Ids ids;
    private final WebhookRow rows;
    private final WebhookDeliveries deliveries;

    SqlWebhookStore(Foundation foundation, Seal seal) {
        this.database = foundation.database();
        this.ids = foundation.ids();
        this.rows = new WebhookRow(seal);
        this.deliveries = new WebhookDeliveries(foundation.database());
    }

    @Override
    public long newId() {
        return ids.next();
    }

    private static final String INSERT =
            """
            INSERT INTO webhook (id, version, origin, url, description, events, secret, old_secret,
                                 old_secret_until, active, reason, seen, failures, created_at,
                                 updated_at)
            SELECT :id, :version, :origin, :url, :description, :events, :secret, :oldSecret,
                   CAST(:oldUntil AS bigint), :active, :reason, :seen, 0, :createdAt, :updatedAt
             WHERE (SELECT count(*) FROM webhook) < :limit
            """;

    @Override
    public boolean create(Subscription subscription, int limit) {
        return database.write(
                "create webhook " + subscription.id(),
                transaction ->
                        transaction.changed(
                                rows.bind(transaction.update(INSERT), subscription)
                                        .bind("origin", subscription.origin())
                                        .bind("createdAt", subscription.createdAt().toEpochMilli())
                                        .bind("limit", limit),
                                change("create", subscription)));
    }

    private static Change change(String verb, Subscription subscription) {
        return Change.of(
                "webhook",
                verb,
                subscription.id(),
                subscription.terms().target(),
                "version " + subscription.version());
    }

    private static final String FIND = "SELECT * FROM webhook WHERE id = :id";

    @Override
    public Optional<Subscription> find(long id) {
        return database.read(
                "read webhook " + id,
                session ->
                        session.query(FIND)
                                .bind("id", id)
                                .map((row, _) -> rows.map(row))
                                .findOne());
    }

    private static final String ALL = "SELECT * FROM webhook ORDER BY id";

    @Override
    public List<Subscription> all() {
        return database.read(
                "list webhooks",
                session -> session.query(ALL).map((row, _) -> rows.map(row)).list());
    }

    private static final String PUT =
            """
            UPDATE webhook
               SET version = :version, url = :url, description = :description, events = :events,
                   secret = :secret, old_secret = :oldSecret,
                   old_secret_until = CAST(:oldUntil AS bigint), reason = :reason,
                   seen = CASE WHEN active THEN seen ELSE :seen END,
                   failing_since = CASE WHEN active THEN failing_since END,
                   failures = CASE WHEN active THEN failures ELSE 0 END,
                   active = :active, updated_at = :updatedAt
             WHERE id = :id AND version = :expected
            """;

    @Override
    public boolean put(Subscription subscription, int expectedVersion, String verb) {
        return database.write(
                "change webhook " + subscription.id(),
                transaction ->
                        transaction.changed(
                                rows.bind(transaction.update(PUT), subscription)
                                        .bind("expected", expectedVersion),
                                change(verb, subscription)));
    }

    private static final String DELETE = "DELETE FROM webhook WHERE id = :id";

    private static final String FORGET_TOLD = "DELETE FROM webhook_told WHERE webhook_id = :id";

    @Override
    public boolean delete(long id) {
        return database.write(
                "delete webhook " + id,
                transaction -> {
                    boolean deleted =
                            transaction.changed(
                                    transaction.update(DELETE).bind("id", id),
                                    Change.of("webhook", "delete", id, "", ""));
                    if (deleted) {
                        transaction.update(FORGET_TOLD).bind("id", id).execute();
                    }
                    return deleted;
                });
    }

    private static final String LISTENERS =
            "SELECT id, origin, url, events, seen FROM webhook WHERE active ORDER BY id";

    @Override
    public List<Listener> listeners() {
        return database.read(
                "look who is to be told of events",
                session ->
                        session.query(LISTENERS).map((row, _) -> WebhookRow.listener(row)).list());
    }

    private static final String MOVE_ON =
            "UPDATE webhook SET seen = :to WHERE id = :id AND seen = :from AND active";

    @Override
    public boolean tell(Listener listener, long seen, List<Message> messages, Instant now) {
        var range = messages.isEmpty() ? Optional.<Ids.Range>empty() : Optional.of(take(messages));
        return database.write(
                "note what webhook " + listener.id() + " is to be told",
                transaction -> {
                    boolean mine =
                            transaction
                                            .update(MOVE_ON)
                                            .bind("id", listener.id())
                                            .bind("from", listener.seen())
                                            .bind("to", seen)
                                            .execute()
                                    == 1;
                    if (mine && range.isPresent()) {
                        WebhookDeliveries.insert(transaction, listener, messages, range.get(), now);
                    }
                    return mine;
                });
    }

    private Ids.Range take(List<Message> messages) {
        return ids.take(messages.size());
    }

    @Override
    public Delivery begin(
            Subscription subscription, String body, String node, Instant now, Instant until) {
        var id = ids.next();
        return database.write(
                "begin to try webhook " + subscription.id(),
                transaction -> {
                    var beginning = new WebhookDeliveries.Beginning(body, node, now, until);
                    WebhookDeliveries.begin(transaction, id, subscription, beginning);
                    transaction.audit(change("test", subscription));
                    return WebhookDeliveries.find(transaction, subscription.id(), id).orElseThrow();
                });
    }

    private static final String GOOD =
            """
            UPDATE webhook SET failing_since = NULL, failures = 0
             WHERE id = :id AND failing_since IS NOT NULL
            """;

    private static final String BAD =
            """
            UPDATE webhook
               SET failing_since = coalesce(failing_since, :now), failures = failures + 1
             WHERE id = :id
            """;

    @Override
    public void log(Delivery delivery, Try made, boolean gone) {
        database.write(
                "log a try of delivery " + delivery.id(),
                transaction -> {
                    WebhookDeliveries.log(transaction, delivery.id(), made);
                    if (delivery.type().equals(WebhookEvent.TEST)) {
                        return false;
                    }
                    var update =
                            made.isGood()
                                    ? transaction.update(GOOD)
                                    : transaction
                                            .update(BAD)
                                            .bind("now", made.begunAt().toEpochMilli());
                    update.bind("id", delivery.subject().owner()).execute();
                    return !made.isGood() && disable(transaction, delivery, made, gone);
                });
    }

    private static final String DISABLE =
            """
            UPDATE webhook
               SET active = FALSE, reason = :reason, version = version + 1, updated_at = :now
             WHERE id = :id AND active
               AND (:gone OR (failing_since <= :failingSince AND failures >= :failures))
            """;

    private static boolean disable(
            Transaction transaction, Delivery delivery, Try made, boolean gone) {
        var reason =
                gone
                        ? "its target is gone: " + made.error()
                        : "its target has failed for "
                                + MAX_FAILING_HOURS
                                + " hours: "
                                + made.error();
        var now = made.begunAt();
        boolean disabled =
                transaction
                                .update(DISABLE)
                                .bind("id", delivery.subject().owner())
                                .bind("reason", Columns.text(reason))
                                .bind("now", now.toEpochMilli())
                                .bind("gone", gone)
                                .bind(
                                        "failingSince",
                                        now.minus(Standing.MAX_FAILING).toEpochMilli())
                                .bind("failures", Standing.MAX_FAILURES)
                                .execute()
                        == 1;
        if (disabled) {
            transaction
                    .events()
                    .addFacts(
                            "webhook.disabled",
                            Map.of(
                                    "webhook_id",
                                    delivery.subject().owner(),
                                    "target",
                                    delivery.target(),
                                    "reason",
                                    reason));
        }
        return disabled;
    }

    private static final long MAX_FAILING_HOURS = Standing.MAX_FAILING.toHours();

    @Override
    public List<Delivery> deliveries(long subscription, long before, int limit) {
        return deliveries.list(subscription, before, limit);
    }

    @Override
    public Optional<Delivery> delivery(long subscription, long id) {
        return database.read(
                "read delivery " + id,
                session -> WebhookDeliveries.find(session, subscription, id));
    }

    @Override
    public Map<Long, List<Try>> tries(List<Long> deliveryIds) {
        return deliveries.tries(deliveryIds);
    }

    @Override
    public boolean redeliver(long subscription, long delivery, Instant now) {
        return deliveries.redeliver(subscription, delivery, now);
    }

    @Override
    public int prune(Instant madeBefore, int limit) {
        return deliveries.prune(madeBefore, limit);
    }
}
