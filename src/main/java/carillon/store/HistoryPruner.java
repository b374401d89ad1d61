package carillon.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Forgets old runs, a few at a time, without an index of its own: ids grow with time, so both ways
/// of looking walk over the ids. How far they have come is kept in memory; after a start they begin
/// anew.
///
/// By age the walk goes from the oldest run to the first that is too young, and starts over. By
/// number it follows the new runs, because only a task that got new ones can have too many. When
/// there are very many such tasks, some of them are counted each time: a task that often gets runs
/// is soon among them.
final class HistoryPruner {
    private static final int STRIDE = 2_000;
    private static final int MAX_STRIDES = 20;
    private static final int MAX_COUNTED = 100;

    /// For how long ids of the same block are given out, and a little more.
    private static final Duration BLOCK_AGE = Duration.ofMinutes(2);

    private final Database database;
    private final Purges purges;
    private long agedUpTo;
    private long countedUpTo;
    private int turn;

    HistoryPruner(Database database) {
        this.database = database;
        this.purges = new Purges(database);
    }

    synchronized int prune(Instant endedBefore, int keepPerTask, int limit) {
        var old = new LinkedHashSet<Long>();
        for (int i = 0; i < MAX_STRIDES && old.size() < limit; i++) {
            if (!addOld(old, endedBefore, limit)) {
                break;
            }
        }
        for (int i = 0; i < MAX_STRIDES && old.size() < limit; i++) {
            if (!addTooMany(old, keepPerTask, limit)) {
                break;
            }
        }
        var left = List.copyOf(old);
        int forgotten = 0;
        while (!left.isEmpty()) {
            int size = Math.min(left.size(), purges.size());
            var some = left.subList(0, size);
            forgotten +=
                    purges.run("forget old runs", transaction -> forget(transaction, some, size));
            left = left.subList(size, left.size());
        }
        return forgotten;
    }

    static final String BY_AGE =
            "SELECT id, finished_at FROM run WHERE id > :after AND step IS NULL"
                    + " ORDER BY id LIMIT :stride";

    private record Aged(long id, @Nullable Long finishedAt) {
        boolean endedBefore(Instant instant) {
            return finishedAt != null && finishedAt < instant.toEpochMilli();
        }
    }

    /// Walks one stride on; returns false at the end of what can be old.
    private boolean addOld(Set<Long> old, Instant endedBefore, int limit) {
        var seen = aged();
        for (var run : seen) {
            if (old.size() == limit) {
                return false;
            }
            if (run.endedBefore(endedBefore)) {
                old.add(run.id);
            }
            agedUpTo = run.id;
        }
        long young = Ids.at(endedBefore.plus(BLOCK_AGE));
        boolean goesOn =
                seen.size() == STRIDE
                        && (seen.getFirst().id < young
                                || seen.stream().anyMatch(run -> run.endedBefore(endedBefore)));
        if (!goesOn) {
            agedUpTo = 0;
        }
        return goesOn;
    }

    private List<Aged> aged() {
        return database.read(
                "look for old runs",
                session ->
                        session.query(BY_AGE)
                                .bind("after", agedUpTo)
                                .bind("stride", STRIDE)
                                .map((row, _) -> aged(row))
                                .list());
    }

    private static Aged aged(ResultSet row) throws SQLException {
        long finishedAt = row.getLong("finished_at");
        return row.wasNull()
                ? new Aged(row.getLong("id"), null)
                : new Aged(row.getLong("id"), finishedAt);
    }

    static final String NEW_RUNS =
            "SELECT id, task_id FROM run WHERE id > :after ORDER BY id LIMIT :stride";

    /// A run is kept as long as something of it is still to be delivered.
    static final String TOO_MANY =
            """
            SELECT id FROM run
             WHERE task_id = :task AND step IS NULL AND finished_at IS NOT NULL
               AND id < (SELECT kept.id FROM run AS kept
                          WHERE kept.task_id = :task AND kept.step IS NULL
                          ORDER BY kept.id DESC
                          LIMIT 1 OFFSET :keptButOne)
               AND NOT EXISTS (SELECT 1 FROM delivery
                                WHERE delivery.owner = run.id AND delivery.state = 'PENDING')
             ORDER BY id
             LIMIT :limit
            """;

    private record New(long id, long task) {}

    /// Walks one stride on; returns false when it has come to the newest run. When the limit is
    /// reached it stays where it is: the same tasks can have more.
    private boolean addTooMany(Set<Long> old, int keepPerTask, int limit) {
        return database.read(
                "look for tasks with many runs",
                session -> {
                    var seen =
                            session.query(NEW_RUNS)
                                    .bind("after", countedUpTo)
                                    .bind("stride", STRIDE)
                                    .map(
                                            (row, _) ->
                                                    new New(
                                                            row.getLong("id"),
                                                            row.getLong("task_id")))
                                    .list();
                    var tasks = seen.stream().map(New::task).distinct().toList();
                    for (long task : some(tasks)) {
                        old.addAll(tooMany(session, task, keepPerTask, limit - old.size()));
                        if (old.size() >= limit) {
                            return false;
                        }
                    }
                    if (!seen.isEmpty()) {
                        countedUpTo = seen.getLast().id;
                    }
                    return seen.size() == STRIDE;
                });
    }

    /// All of them, or every so many, with another one first each time.
    private List<Long> some(List<Long> tasks) {
        int step = Math.ceilDiv(tasks.size(), MAX_COUNTED);
        if (step <= 1) {
            return tasks;
        }
        turn++;
        int first = turn % step;
        return IntStream.iterate(first, i -> i < tasks.size(), i -> i + step)
                .mapToObj(tasks::get)
                .toList();
    }

    private static List<Long> tooMany(Session session, long task, int keepPerTask, int limit) {
        return session.query(TOO_MANY)
                .bind("task", task)
                .bind("keptButOne", Math.max(0, keepPerTask - 1))
                .bind("limit", limit)
                .mapTo(Long.class)
                .list();
    }

    private static final String REMEMBER =
            """
            INSERT INTO pruned_task (task_id, until)
            SELECT given.task_id, given.until
              FROM /* rows: task_id bigint, until bigint */
                ON CONFLICT (task_id) DO UPDATE SET until = excluded.until
                   WHERE pruned_task.until < excluded.until
            """;

    private static final String NEWEST_SLOTS =
            """
            SELECT task_id, max(coalesce(last_fire_time, fire_time)) AS newest FROM run
             WHERE id IN (/* ids */) AND trigger = 'SCHEDULE'
             GROUP BY task_id
             ORDER BY task_id
            """;

    /// How far the slots of a task are forgotten.
    private record Forgotten(long task, long until) {
        static void write(Rows.Fields fields, Forgotten forgotten) {
            fields.set("task_id", forgotten.task);
            fields.set("until", forgotten.until);
        }
    }

    private static final List<String> DELETE =
            List.of(
                    "DELETE FROM delivery WHERE owner IN (/* ids */)",
                    "DELETE FROM output WHERE run_id IN (/* ids */)",
                    "DELETE FROM response WHERE run_id IN (/* ids */)",
                    "DELETE FROM attempt WHERE run_id IN (/* ids */)",
                    "DELETE FROM transcript WHERE run_id IN (/* ids */)",
                    "DELETE FROM run_event WHERE run_id IN (/* ids */)",
                    "DELETE FROM run_input WHERE run_id IN (/* ids */)",
                    "DELETE FROM batch_standing WHERE run_id IN (/* ids */)",
                    "DELETE FROM run WHERE id IN (/* ids */)");

    static final String STEPS =
            "SELECT id FROM run WHERE parent IN (/* ids */) AND step IS NOT NULL LIMIT :limit";

    /// Steps of workflows go first; a run that still has some goes another time.
    private static int forget(Transaction transaction, Collection<Long> old, int limit) {
        var steps = transaction.query(STEPS, old).bind("limit", limit).mapTo(Long.class).list();
        return delete(transaction, steps.isEmpty() ? old : steps);
    }

    private static int delete(Transaction transaction, Collection<Long> ids) {
        var slots =
                transaction
                        .query(NEWEST_SLOTS, ids)
                        .map(
                                (row, _) ->
                                        new Forgotten(
                                                row.getLong("task_id"), row.getLong("newest") + 1))
                        .list();
        Rows.insert(transaction, REMEMBER, slots, Forgotten::write);
        DELETE.forEach(part -> transaction.update(part, ids).execute());
        return ids.size();
    }
}
