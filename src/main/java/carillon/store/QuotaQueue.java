package carillon.store;

import static carillon.store.Columns.instant;

import carillon.quota.Ask;
import carillon.quota.Asker;
import carillon.quota.Load;
import carillon.quota.Quota;
import carillon.quota.QuotaStore;
import carillon.quota.Turn;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The runs that wait for a quota, within one transaction or one look.
final class QuotaQueue {
    /// How many runs are made due at a time.
    private static final int MAX_WOKEN = 200;

    private final Session session;
    private final String quota;

    QuotaQueue(Session session, String quota) {
        this.session = session;
        this.quota = quota;
    }

    private static final String PLACE = "SELECT due_at FROM quota_wait WHERE run_id = :run";

    private Instant dueAt(Asker asker) {
        return session.query(PLACE)
                .bind("run", asker.run().value())
                .map((row, _) -> instant(row, "due_at"))
                .findOne()
                .orElse(asker.dueAt());
    }

    static final String AHEAD =
            """
            SELECT count(*) AS calls, coalesce(sum(tokens), 0) AS tokens
              FROM (SELECT tokens FROM quota_wait
                     WHERE quota = :quota AND (place, due_at, run_id) < (:place, :dueAt, :run)
                     LIMIT :max) AS before
            """;

    private static final String EVERYBODY =
            """
            SELECT count(*) AS calls, coalesce(sum(tokens), 0) AS tokens
              FROM (SELECT tokens FROM quota_wait WHERE quota = :quota LIMIT :max) AS before
            """;

    /// Who comes before the asker; before somebody who is no run, everybody does.
    Load.Ahead ahead(Ask ask) {
        var asker = ask.asker();
        var query =
                asker.isEmpty()
                        ? session.query(EVERYBODY)
                        : session.query(AHEAD)
                                .bind("place", -asker.get().priority())
                                .bind("dueAt", dueAt(asker.get()).toEpochMilli())
                                .bind("run", asker.get().run().value());
        return query.bind("quota", quota)
                .bind("max", QuotaStore.MAX_AHEAD)
                .map((row, _) -> new Load.Ahead(row.getLong("calls"), row.getLong("tokens")))
                .one();
    }

    private static final String ENTER =
            """
            INSERT INTO quota_wait (run_id, quota, place, due_at, tokens)
            VALUES (:run, :quota, :place, :dueAt, :tokens)
            ON CONFLICT (run_id) DO UPDATE
               SET quota = excluded.quota, place = excluded.place, tokens = excluded.tokens
            """;

    /// Puts a run that waits into the queue. One that is there already keeps its place.
    void enter(Ask ask) {
        ask.asker()
                .filter(_ -> ask.waits())
                .ifPresent(
                        asker ->
                                session.update(ENTER)
                                        .bind("run", asker.run().value())
                                        .bind("quota", quota)
                                        .bind("place", -asker.priority())
                                        .bind("dueAt", asker.dueAt().toEpochMilli())
                                        .bind("tokens", ask.tokens())
                                        .execute());
    }

    private static final String LEAVE = "DELETE FROM quota_wait WHERE run_id = :run";

    void leave(Optional<Asker> asker) {
        asker.ifPresent(one -> session.update(LEAVE).bind("run", one.run().value()).execute());
    }

    private static final String COUNT = "SELECT count(*) FROM quota_wait WHERE quota = :quota";

    long length() {
        return session.query(COUNT).bind("quota", quota).mapTo(Long.class).one();
    }

    private static final String ANYBODY =
            "SELECT count(*) FROM (SELECT 1 FROM quota_wait WHERE quota = :quota LIMIT 1) AS one";

    boolean isEmpty() {
        return session.query(ANYBODY).bind("quota", quota).mapTo(Long.class).one() == 0;
    }

    /// One that waits, whether its run still can go on, and whether it sleeps.
    private record Waiting(long run, long tokens, boolean open, boolean asleep) {}

    private static final String FIRST =
            """
            SELECT quota_wait.run_id, quota_wait.tokens,
                   coalesce(run.state IN ('QUEUED', 'RUNNING'), FALSE) AS open,
                   coalesce(run.state = 'QUEUED' AND run.node IS NULL AND run.due_at > :now, FALSE)
                       AS asleep
              FROM quota_wait LEFT JOIN run ON run.id = quota_wait.run_id
             WHERE quota_wait.quota = :quota
             ORDER BY quota_wait.place, quota_wait.due_at, quota_wait.run_id
             LIMIT :max
            """;

    private List<Waiting> first(Instant now) {
        return session.query(FIRST)
                .bind("quota", quota)
                .bind("now", now.toEpochMilli())
                .bind("max", MAX_WOKEN)
                .map(
                        (row, _) ->
                                new Waiting(
                                        row.getLong("run_id"),
                                        row.getLong("tokens"),
                                        row.getBoolean("open"),
                                        row.getBoolean("asleep")))
                .list();
    }

    /// Whether [#wake] would do something.
    boolean isToWake(Quota known, Load load, Instant now) {
        var first = first(now);
        return first.stream().anyMatch(one -> !one.open)
                || toWake(first, known, load, now).anyMatch(_ -> true);
    }

    private static Stream<Waiting> toWake(
            List<Waiting> first, Quota known, Load load, Instant now) {
        var open = first.stream().filter(Waiting::open).toList();
        int free = Turn.free(known, load, open.stream().map(Waiting::tokens).toList(), now);
        return open.stream().limit(free).filter(Waiting::asleep);
    }

    private static final String FORGET = "DELETE FROM quota_wait WHERE run_id IN (/* ids */)";

    /// Those whose row somebody has are not asleep.
    static final String WAKE =
            """
            WITH sleeping AS MATERIALIZED (
                SELECT id FROM run
                 WHERE id IN (/* ids */) AND state = 'QUEUED' AND node IS NULL AND due_at > :now
                /* lock, skip locked */
            )
            UPDATE run SET due_at = :now WHERE id IN (SELECT id FROM sleeping)
            """;

    /// Makes those due who come first and for whom there is room; forgets those whose run has
    /// ended. Returns whether there were any.
    boolean wake(Quota known, Load load, Instant now) {
        var first = first(now);
        var ended = first.stream().filter(one -> !one.open).map(Waiting::run).toList();
        if (!ended.isEmpty()) {
            session.update(FORGET, ended).execute();
        }
        var asleep = toWake(first, known, load, now).map(Waiting::run).toList();
        return !asleep.isEmpty()
                && session.update(WAKE, asleep).bind("now", now.toEpochMilli()).execute() > 0;
    }
}
