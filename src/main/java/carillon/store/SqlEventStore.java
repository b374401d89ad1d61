package carillon.store;

import static carillon.store.Columns.instant;

import carillon.event.Event;
import carillon.event.EventStore;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/// The event log in SQL: pages of events, one a transaction.
final class SqlEventStore implements EventStore {
    private final Database database;
    private final Purges purges;

    SqlEventStore(Database database) {
        this.database = database;
        this.purges = new Purges(database);
    }

    private static final String APPEND =
            """
            WITH page AS (/* event page */)
            INSERT INTO event (id, count, at, body)
            SELECT page.number * :width, :count, :at, :body FROM page
            """;

    /// Writes the events of a transaction as its last step, so that the number of their page is
    /// taken as late as can be.
    static void append(Transaction transaction, Instant now) {
        for (var page : transaction.events().pages()) {
            transaction
                    .update(APPEND)
                    .bind("width", EventPage.WIDTH)
                    .bind("count", page.count())
                    .bind("at", now.toEpochMilli())
                    .bind("body", page.body())
                    .execute();
        }
    }

    static final String AFTER =
            """
            SELECT id, at, body FROM event
             WHERE id > :id - :width AND id + count > :id + 1
             ORDER BY id
             LIMIT :limit
            """;

    @Override
    public List<Event> after(long id, int limit) {
        if (newestCommitted() <= id) {
            return List.of();
        }
        return database.read(
                "read events", session -> session.settled(() -> after(session, id, limit)));
    }

    private static List<Event> after(Session session, long id, int limit) {
        var query =
                session.query(AFTER)
                        .bind("id", id)
                        .bind("width", EventPage.WIDTH)
                        .bind("limit", limit)
                        .setFetchSize(16);
        try (var pages = query.map((row, _) -> page(row)).stream()) {
            return pages.flatMap(List::stream)
                    .filter(event -> event.id() > id)
                    .limit(limit)
                    .toList();
        }
    }

    private static List<Event> page(ResultSet row) throws SQLException {
        return EventPage.read(row.getLong("id"), instant(row, "at"), row.getString("body"));
    }

    static final String NEWEST = "SELECT id + count - 1 FROM event ORDER BY id DESC LIMIT 1";

    @Override
    public long newest() {
        return database.read(
                "read the newest event", session -> session.settled(() -> newest(session)));
    }

    private long newestCommitted() {
        return database.read("read the newest event", SqlEventStore::newest);
    }

    private static long newest(Session session) {
        return session.query(NEWEST).mapTo(Long.class).findOne().orElse(0L);
    }

    /// By id, and none behind those that are young: else all would be read when none is old.
    static final String OLDEST =
            """
            SELECT id FROM (SELECT id, at FROM event ORDER BY id LIMIT :limit) AS oldest
             WHERE at < :before
             ORDER BY id
            """;

    /// The newest page stays, whatever its age: the next one is numbered after it. So do those that
    /// have not been looked at for every webhook.
    private static final String FORGET =
            """
            DELETE FROM event
             WHERE id IN (/* ids */)
               AND id < (SELECT max(id) FROM event)
               AND NOT EXISTS (SELECT 1 FROM webhook
                                WHERE webhook.active AND webhook.seen < event.id + event.count - 1)
            """;

    @Override
    public void add(String type, Map<String, Object> facts) {
        database.write(
                "tell of " + type,
                transaction -> {
                    transaction.events().addFacts(type, facts);
                    return true;
                });
    }

    @Override
    public int prune(Instant before, int limit) {
        return purges.upTo(limit, wanted -> forget(oldest(before, wanted)));
    }

    private int forget(List<Long> old) {
        return old.isEmpty()
                ? 0
                : purges.run(
                        "forget old events",
                        transaction -> transaction.update(FORGET, old).execute());
    }

    private List<Long> oldest(Instant before, int limit) {
        return database.read(
                "look for old events",
                session ->
                        session.query(OLDEST)
                                .bind("before", before.toEpochMilli())
                                .bind("limit", limit)
                                .mapTo(Long.class)
                                .list());
    }
}
