package carillon.store;

import carillon.ai.Limits;
import carillon.quota.Admission;
import carillon.quota.Ask;
import carillon.quota.Asker;
import carillon.quota.Pass;
import carillon.quota.Quota;
import carillon.quota.QuotaKey;
import carillon.quota.QuotaState;
import carillon.quota.QuotaStore;
import carillon.quota.Told;
import carillon.quota.Turn;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Quotas in SQL. Who changes one has locked its row first.
final class SqlQuotaStore implements QuotaStore {
    /// How much longer than it may a call is counted at most.
    private static final Duration MARGIN = Duration.ofSeconds(10);

    private final Database database;
    private final Ids ids;

    SqlQuotaStore(Foundation foundation) {
        this.database = foundation.database();
        this.ids = foundation.ids();
    }

    @Override
    public Admission admit(Ask ask, Instant now) {
        long number = ids.next();
        return database.write(
                "ask for a turn with a model",
                transaction -> {
                    var id = ask.key().text();
                    var quota = lock(transaction, id, now).saying(ask.limits());
                    var queue = new QuotaQueue(transaction, id);
                    if (quota.said().isNone() && !quota.binds(now)) {
                        queue.leave(ask.asker());
                        save(transaction, id, quota, now);
                        return new Admission.Go(Pass.uncounted(ask, now));
                    }
                    var load = QuotaRows.load(transaction, id, now).behind(queue.ahead(ask));
                    var turn = Turn.of(quota, load, ask.tokens(), now);
                    if (turn.isAfter(now)) {
                        queue.enter(ask);
                        save(transaction, id, quota, now);
                        return new Admission.Wait(turn);
                    }
                    queue.leave(ask.asker());
                    forget(transaction, id, now);
                    count(transaction, number, ask, now);
                    save(transaction, id, quota.taken(ask.tokens()), now);
                    return new Admission.Go(new Pass(ask, number, ask.tokens(), now));
                });
    }

    private static Quota lock(Transaction transaction, String id, Instant now) {
        var known = locked(transaction, id);
        if (known.isPresent()) {
            return known.get();
        }
        QuotaRows.bind(transaction.update(QuotaRows.INSERT), id, Quota.UNKNOWN, now).execute();
        return locked(transaction, id).orElse(Quota.UNKNOWN);
    }

    private static Optional<Quota> locked(Transaction transaction, String id) {
        return transaction
                .query(QuotaRows.LOCK)
                .bind("quota", id)
                .map((row, _) -> QuotaRows.map(row))
                .findOne();
    }

    private static void save(Transaction transaction, String id, Quota quota, Instant now) {
        QuotaRows.bind(transaction.update(QuotaRows.UPDATE), id, quota, now).execute();
    }

    private static final String FORGET_USES =
            "DELETE FROM quota_use WHERE quota = :quota AND second <= :counted";

    private static final String FORGET_CALLS =
            """
            DELETE FROM quota_call
             WHERE quota = :quota
               AND (over_at <= :now
                    OR (epoch IS NOT NULL
                        AND NOT EXISTS (SELECT 1 FROM node
                                         WHERE node.epoch = quota_call.epoch AND NOT node.ended)))
            """;

    private static void forget(Transaction transaction, String id, Instant now) {
        transaction
                .update(FORGET_USES)
                .bind("quota", id)
                .bind("counted", QuotaRows.lastForgotten(now))
                .execute();
        transaction
                .update(FORGET_CALLS)
                .bind("quota", id)
                .bind("now", now.toEpochMilli())
                .execute();
    }

    private static final String COUNT_USE =
            """
            INSERT INTO quota_use (quota, second, requests, tokens)
            VALUES (:quota, :second, 1, :tokens)
            ON CONFLICT (quota, second) DO UPDATE
               SET requests = quota_use.requests + 1, tokens = quota_use.tokens + excluded.tokens
            """;

    private static final String COUNT_CALL =
            """
            INSERT INTO quota_call (id, quota, epoch, over_at)
            VALUES (:id, :quota, :epoch, :overAt)
            """;

    private static void count(Transaction transaction, long number, Ask ask, Instant now) {
        transaction
                .update(COUNT_USE)
                .bind("quota", ask.key().text())
                .bind("second", now.getEpochSecond())
                .bind("tokens", ask.tokens())
                .execute();
        transaction
                .update(COUNT_CALL)
                .bind("id", number)
                .bind("quota", ask.key().text())
                .bind("epoch", ask.asker().map(Asker::holder).map(h -> h.epoch()).orElse(null))
                .bind("overAt", now.plus(ask.longest()).plus(MARGIN).toEpochMilli())
                .execute();
    }

    private static final String END_CALL = "DELETE FROM quota_call WHERE id = :id";

    private static final String CORRECT =
            """
            UPDATE quota_use SET tokens = tokens + :more WHERE quota = :quota AND second = :second
            """;

    /// The call is no longer under way, and took `tokens`.
    private static void finish(Transaction transaction, Pass pass, long tokens) {
        if (!pass.isCounted()) {
            return;
        }
        transaction.update(END_CALL).bind("id", pass.number()).execute();
        if (tokens != pass.tokens()) {
            transaction
                    .update(CORRECT)
                    .bind("quota", pass.ask().key().text())
                    .bind("second", pass.since().getEpochSecond())
                    .bind("more", tokens - pass.tokens())
                    .execute();
        }
    }

    @Override
    public boolean end(Pass pass, Ending ending, Instant now) {
        return database.write(
                "count what a call of a model took",
                transaction -> {
                    var id = pass.ask().key().text();
                    var known = lock(transaction, id, now).told(ending.told(), now);
                    var quota = ending.answered() ? known.answered(pass.since(), now) : known;
                    save(transaction, id, quota, now);
                    finish(transaction, pass, ending.tokens().orElse(pass.tokens()));
                    var queue = new QuotaQueue(transaction, id);
                    return !queue.isEmpty()
                            && queue.wake(quota, QuotaRows.load(transaction, id, now), now);
                });
    }

    @Override
    public Instant refuse(Pass pass, Told told, Optional<Duration> asked, Instant now) {
        return database.write(
                "note that a model refused a call",
                transaction -> {
                    var ask = pass.ask();
                    var id = ask.key().text();
                    var known = lock(transaction, id, now).saying(ask.limits()).told(told, now);
                    long inFlight =
                            pass.isCounted()
                                    ? QuotaRows.load(transaction, id, now).inFlight()
                                    : Long.MAX_VALUE; // Nobody has counted.
                    var quota = known.refused(pass.since(), asked, inFlight, now);
                    save(transaction, id, quota, now);
                    finish(transaction, pass, 0);
                    var queue = new QuotaQueue(transaction, id);
                    var load = QuotaRows.load(transaction, id, now).behind(queue.ahead(ask));
                    queue.enter(ask);
                    return Turn.of(quota, load, ask.tokens(), now);
                });
    }

    @Override
    public void learn(QuotaKey key, Limits said, Told told, Instant now) {
        database.write(
                "note what a provider tells of a quota",
                transaction -> {
                    var quota = lock(transaction, key.text(), now).saying(said).told(told, now);
                    save(transaction, key.text(), quota, now);
                    return quota;
                });
    }

    private static final String ALL = "SELECT * FROM quota";

    @Override
    public Map<QuotaKey, Quota> all() {
        return database.read(
                "read the quotas",
                session -> {
                    var all = new HashMap<QuotaKey, Quota>();
                    session.query(ALL)
                            .map(
                                    (row, _) ->
                                            all.put(
                                                    new QuotaKey(row.getString("id")),
                                                    QuotaRows.map(row)))
                            .list();
                    return all;
                });
    }

    @Override
    public QuotaState find(QuotaKey key, Instant now) {
        return database.read("read a quota", session -> state(session, key.text(), now));
    }

    private static QuotaState state(Session session, String id, Instant now) {
        var quota =
                session.query(QuotaRows.FIND)
                        .bind("quota", id)
                        .map((row, _) -> QuotaRows.map(row))
                        .findOne();
        return quota.isEmpty()
                ? QuotaState.UNKNOWN
                : new QuotaState(
                        quota.get(),
                        QuotaRows.load(session, id, now),
                        new QuotaQueue(session, id).length());
    }

    private static final String WAITED_FOR =
            """
            SELECT id FROM quota
             WHERE EXISTS (SELECT 1 FROM quota_wait WHERE quota_wait.quota = quota.id)
            """;

    @Override
    public boolean wake(Instant now) {
        var toWake =
                database.read("look for runs whose turn it is", session -> toWake(session, now));
        boolean woken = false;
        for (var id : toWake) {
            woken |= database.write("wake runs whose turn it is", all -> wake(all, id, now));
        }
        return woken;
    }

    private static List<String> toWake(Session session, Instant now) {
        return session.query(WAITED_FOR).mapTo(String.class).list().stream()
                .filter(
                        id -> {
                            var state = state(session, id, now);
                            return new QuotaQueue(session, id)
                                    .isToWake(state.quota(), state.load(), now);
                        })
                .toList();
    }

    private static boolean wake(Transaction transaction, String id, Instant now) {
        var quota = lock(transaction, id, now);
        return new QuotaQueue(transaction, id)
                .wake(quota, QuotaRows.load(transaction, id, now), now);
    }

    private static final String PRUNE =
            """
            DELETE FROM quota
             WHERE used_at < :before
               AND NOT EXISTS (SELECT 1 FROM quota_wait WHERE quota_wait.quota = quota.id)
            """;

    private static final String PRUNE_USES = "DELETE FROM quota_use WHERE second < :second";

    private static final String PRUNE_CALLS = "DELETE FROM quota_call WHERE over_at < :before";

    @Override
    public void prune(Instant before) {
        database.write(
                "forget quotas that nobody uses",
                transaction -> {
                    long millis = before.toEpochMilli();
                    transaction
                            .update(PRUNE_USES)
                            .bind("second", before.getEpochSecond())
                            .execute();
                    transaction.update(PRUNE_CALLS).bind("before", millis).execute();
                    return transaction.update(PRUNE).bind("before", millis).execute();
                });
    }
}
