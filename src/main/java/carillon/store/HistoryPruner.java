package carillon.store;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Forgets old runs, a few at a time.
///
/// By age the ids lead, because they grow with time. By number the newest rows lead: only a task
/// that got new runs can have too many, so each run is looked at once and its task counted; where
/// this has come to is kept in memory only, and after a start begins anew.
final class HistoryPruner {
    /// How many new runs one call looks at.
    private static final int STRIDE = 1_000;

    private final Database database;
    private long lookedAt;

    HistoryPruner(Database database) {
        this.database = database;
    }

    private static final String TOO_OLD =
            """
            SELECT id FROM run
             WHERE id < :idBefore AND finished_at < :endedBefore
             ORDER BY id
             LIMIT :limit
            """;

    /// An id is at most as old as the block that it came from.
    private static final Duration BLOCK_AGE = Duration.ofMinutes(2);

    private static final String NEW_RUNS =
            """
            SELECT task_id, max(id) AS newest
              FROM (SELECT id, task_id FROM run WHERE id > :after ORDER BY id LIMIT :stride) AS seen
             GROUP BY task_id
            """;

    private static final String TOO_MANY =
            """
            SELECT id FROM run
             WHERE task_id = :task AND finished_at IS NOT NULL
               AND id < (SELECT kept.id FROM run AS kept
                          WHERE kept.task_id = :task
                          ORDER BY kept.id DESC
                          LIMIT 1 OFFSET :keptButOne)
             ORDER BY id
             LIMIT :limit
            """;

    synchronized int prune(Instant endedBefore, int keepPerTask, int limit) {
        var ids = new ArrayList<Long>(tooOld(endedBefore, limit));
        var next = ids.size() < limit ? addTooMany(ids, keepPerTask, limit) : lookedAt;
        if (!ids.isEmpty()) {
            database.write("forget old runs", transaction -> delete(transaction, ids));
        }
        lookedAt = next;
        return ids.size();
    }

    private List<Long> tooOld(Instant endedBefore, int limit) {
        return database.read(
                "look for old runs",
                session ->
                        session.query(TOO_OLD)
                                .bind("idBefore", Ids.at(endedBefore.plus(BLOCK_AGE)))
                                .bind("endedBefore", endedBefore.toEpochMilli())
                                .bind("limit", limit)
                                .mapTo(Long.class)
                                .list());
    }

    private record Seen(long task, long newest) {}

    /// Adds runs that are beyond their task's number; returns the id up to which all were found.
    private long addTooMany(List<Long> ids, int keepPerTask, int limit) {
        return database.read(
                "look for tasks with many runs",
                session -> {
                    var seen =
                            session.query(NEW_RUNS)
                                    .bind("after", lookedAt)
                                    .bind("stride", STRIDE)
                                    .map(
                                            (row, _) ->
                                                    new Seen(
                                                            row.getLong("task_id"),
                                                            row.getLong("newest")))
                                    .list();
                    for (var one : seen) {
                        if (ids.size() >= limit) {
                            return lookedAt;
                        }
                        tooMany(session, one.task, keepPerTask, limit - ids.size()).stream()
                                .filter(id -> !ids.contains(id))
                                .forEach(ids::add);
                    }
                    boolean isFull = ids.size() >= limit;
                    return isFull
                            ? lookedAt
                            : seen.stream().mapToLong(Seen::newest).max().orElse(lookedAt);
                });
    }

    private static List<Long> tooMany(Session session, long task, int keepPerTask, int limit) {
        return session.query(TOO_MANY)
                .bind("task", task)
                .bind("keptButOne", keepPerTask - 1)
                .bind("limit", limit)
                .mapTo(Long.class)
                .list();
    }

    private static final String REMEMBER =
            """
            UPDATE task SET pruned_until = :until
             WHERE id = :task AND (pruned_until IS NULL OR pruned_until < :until)
            """;

    private static final String NEWEST_SLOTS =
            """
            SELECT task_id, max(coalesce(last_fire_time, fire_time)) AS newest FROM run
             WHERE id IN (/* ids */) AND trigger = 'SCHEDULE'
             GROUP BY task_id
             ORDER BY task_id
            """;

    private static final List<String> DELETE =
            List.of(
                    "DELETE FROM output WHERE run_id IN (/* ids */)",
                    "DELETE FROM attempt WHERE run_id IN (/* ids */)",
                    "DELETE FROM run WHERE id IN (/* ids */)");

    private static int delete(Transaction transaction, List<Long> ids) {
        var remember = transaction.batch(REMEMBER);
        transaction
                .query(NEWEST_SLOTS, ids)
                .map(
                        (row, _) ->
                                remember.bind("task", row.getLong("task_id"))
                                        .bind("until", row.getLong("newest") + 1)
                                        .add())
                .list();
        Session.run(remember);
        DELETE.forEach(part -> transaction.update(part, ids).execute());
        return ids.size();
    }
}
