package carillon.store;

import static carillon.store.Columns.text;

import carillon.audit.Change;
import carillon.cluster.Holder;
import carillon.run.Completion;
import carillon.run.Lease;
import carillon.run.LeaseStore;
import carillon.run.Run;
import carillon.run.RunId;
import carillon.run.RunState;
import carillon.run.Start;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Leases in SQL: who may run what, and how it ended. What takes more than a few statements has a
/// class of its own: [StartGate], [AttemptEnds], [Rescue].
final class SqlLeaseStore implements LeaseStore {
    private final Database database;
    private final Ids ids;
    private final Definitions definitions;
    private final LeaseClock leaseClock;

    SqlLeaseStore(Foundation foundation) {
        this.database = foundation.database();
        this.ids = foundation.ids();
        this.definitions = foundation.definitions();
        this.leaseClock = foundation.leaseClock();
    }

    @Override
    public RunId newId() {
        return new RunId(ids.next());
    }

    private static final String ORIGINS =
            "SELECT id, origin FROM task WHERE id IN (/* ids */) /* keep alive */";

    @Override
    public List<Lease> enqueue(List<NewRun> runs, Optional<Holder> holder) {
        if (runs.isEmpty()) {
            return List.of();
        }
        return database.write(
                "write " + runs.size() + " runs",
                transaction -> {
                    var leased = enqueueIn(transaction, runs, holder);
                    asked(transaction, runs);
                    return leased;
                });
    }

    /// One entry for all: they were asked for together.
    private static void asked(Transaction transaction, List<NewRun> runs) {
        if (runs.isEmpty()) {
            return;
        }
        var first = runs.getFirst();
        var trigger = first.occasion().trigger().name().toLowerCase(Locale.ROOT);
        var number = runs.size() == 1 ? "" : ", " + runs.size() + " runs";
        transaction.auditIfAsked(
                Change.of(
                        "run",
                        "create",
                        first.id(),
                        "",
                        trigger + " of task " + first.task() + number));
    }

    /// Leased to the holder only while that is alive.
    List<Lease> enqueueIn(Transaction transaction, List<NewRun> wanted, Optional<Holder> holder) {
        if (wanted.isEmpty()) {
            return List.of();
        }
        return write(
                transaction,
                wanted,
                holder.filter(one -> SqlNodeStore.keepsAlive(transaction, one)));
    }

    private List<Lease> write(
            Transaction transaction, List<NewRun> wanted, Optional<Holder> holder) {
        var origins = origins(transaction, wanted);
        var keys = wanted.stream().map(SqlLeaseStore::key).distinct().toList();
        var known = definitions.find(transaction, keys);
        var runs = new ArrayList<Run>(wanted.size());
        var leases = new ArrayList<Lease>();
        for (var one : wanted) {
            var definition = known.get(key(one));
            var origin = origins.get(one.task().value());
            if (definition == null || origin == null) {
                throw new StoreException(
                        "could not write run " + one.id() + ": task " + one.task() + " is gone");
            }
            var own = one.occasion().step().map(definition::ofStep).orElse(definition);
            int attempts = own.policies().retry().attempts();
            var run = RunRows.queued(one.id(), key(one), one.occasion(), attempts, holder);
            runs.add(run);
            transaction.events().add(run, RunState.QUEUED, "");
            holder.ifPresent(to -> leases.add(RunRows.lease(run, definition, origin, to)));
        }
        Rows.insert(transaction, RunRows.INSERT, runs, RunRows::write);
        RunInputs.add(transaction, wanted);
        return leases;
    }

    private static Map<Long, String> origins(Transaction transaction, List<NewRun> wanted) {
        var tasks = wanted.stream().map(run -> run.task().value()).distinct().toList();
        var origins = new HashMap<Long, String>();
        transaction
                .query(ORIGINS, tasks)
                .map((row, _) -> origins.put(row.getLong("id"), row.getString("origin")))
                .list();
        return origins;
    }

    private static Definitions.Key key(NewRun run) {
        return new Definitions.Key(run.task().value(), run.version());
    }

    /// The levels of priority at which something is due, so that the index leads straight to it.
    static final String DUE_LEVELS =
            """
            SELECT level.column1
              FROM (VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9), (10)) AS level
             WHERE EXISTS (SELECT 1 FROM run
                            WHERE state = 'QUEUED' AND node IS NULL AND NOT waits
                              AND priority = level.column1 AND due_at <= :now)
             ORDER BY level.column1 DESC
            """;

    /// MATERIALIZED, so that PostgreSQL locks exactly the rows that it then changes.
    static final String CLAIM_LEVEL =
            """
            WITH due AS MATERIALIZED (
                SELECT id FROM run
                 WHERE state = 'QUEUED' AND node IS NULL AND NOT waits
                   AND priority = :level AND due_at <= :now
                 ORDER BY due_at, id
                 LIMIT :limit
                 /* lock, skip locked */
            )
            UPDATE run
               SET attempt = attempt + 1, node = :node, epoch = :epoch, attempt_started_at = NULL
             WHERE id IN (SELECT id FROM due)
            RETURNING *, (SELECT origin FROM task WHERE task.id = run.task_id) AS origin
            """;

    @Override
    public List<Lease> claimDue(Holder holder, int limit, Instant now) {
        var levels =
                database.read(
                        "look for runs that are due",
                        session ->
                                session.query(DUE_LEVELS)
                                        .bind("now", now.toEpochMilli())
                                        .mapTo(Integer.class)
                                        .list());
        if (levels.isEmpty() || limit == 0) {
            return List.of();
        }
        return database.write(
                "claim runs that are due",
                transaction -> {
                    if (!SqlNodeStore.keepsAlive(transaction, holder)) {
                        return List.of();
                    }
                    var claimed = new ArrayList<RunRows.Held>();
                    for (int level : levels) {
                        claimed.addAll(
                                claimLevel(
                                        transaction, holder, level, limit - claimed.size(), now));
                    }
                    return RunRows.leases(transaction, definitions, claimed);
                });
    }

    private static List<RunRows.Held> claimLevel(
            Transaction transaction, Holder holder, int level, int limit, Instant now) {
        return transaction
                .query(CLAIM_LEVEL)
                .bind("node", holder.node())
                .bind("epoch", holder.epoch())
                .bind("level", level)
                .bind("now", now.toEpochMilli())
                .bind("limit", limit)
                .map((row, _) -> RunRows.Held.map(row))
                .stream()
                .sorted(
                        Comparator.comparing((RunRows.Held held) -> held.run().dueAt())
                                .thenComparingLong(held -> held.run().id().value()))
                .toList();
    }

    static final String NEXT_DUE =
            """
            SELECT min(due_at)
              FROM (SELECT (SELECT min(due_at) FROM run
                             WHERE state = 'QUEUED' AND node IS NULL AND NOT waits
                               AND priority = level.column1) AS due_at
                      FROM (VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9), (10))
                           AS level) AS earliest
            """;

    @Override
    public Optional<Instant> nextDue() {
        return database.read(
                        "look for the next run that is due",
                        session -> session.query(NEXT_DUE).mapTo(Long.class).findOne())
                .map(Instant::ofEpochMilli);
    }

    @Override
    public List<Start> start(List<Lease> leases, Instant now) {
        if (leases.isEmpty()) {
            return List.of();
        }
        return database.write(
                "start " + leases.size() + " runs",
                transaction -> new StartGate(transaction, now).decide(leases));
    }

    private static final String MARK_RUNNING =
            """
            UPDATE run
               SET state = 'RUNNING', attempt_started_at = :at,
                   started_at = CASE WHEN started_at IS NULL THEN :at ELSE started_at END
             WHERE id = :id AND attempt = :attempt AND node = :node AND epoch = :epoch
               AND state = 'QUEUED'
            """;

    @Override
    public void markRunning(List<Begun> begun) {
        var ordered =
                begun.stream().sorted(Comparator.comparingLong(one -> id(one.lease()))).toList();
        database.write(
                "mark " + begun.size() + " runs as running",
                transaction -> {
                    var batch = transaction.batch(MARK_RUNNING);
                    for (var one : ordered) {
                        Fence.bind(batch, one.lease()).bind("at", one.at().toEpochMilli()).add();
                    }
                    int[] changed = Session.run(batch);
                    for (int i = 0; i < changed.length; i++) {
                        if (changed[i] == 1) {
                            var run = ordered.get(i).lease().run();
                            transaction.events().add(run, RunState.RUNNING, "");
                        }
                    }
                    return changed.length;
                });
    }

    private static long id(Lease lease) {
        return lease.run().id().value();
    }

    @Override
    public Set<RunId> complete(List<Completion> completions) {
        if (completions.isEmpty()) {
            return Set.of();
        }
        var responses = ResponseRows.ids(completions, ids);
        int deliveries = NewDeliveries.count(completions);
        long first = deliveries == 0 ? 0 : ids.take(deliveries).next();
        return database.write(
                "write the ends of " + completions.size() + " attempts",
                transaction -> new AttemptEnds(transaction, responses, first).write(completions));
    }

    private static final String RELEASE =
            """
            UPDATE run
               SET node = NULL, epoch = NULL, max_attempts = max_attempts + 1, unused = unused + 1
             WHERE id = :id AND attempt = :attempt AND node = :node AND epoch = :epoch
               AND state = 'QUEUED'
            """;

    @Override
    public void release(List<Lease> leases) {
        database.write(
                "give back " + leases.size() + " runs",
                transaction -> {
                    var batch = transaction.batch(RELEASE);
                    leases.stream()
                            .sorted(Comparator.comparingLong(SqlLeaseStore::id))
                            .forEach(lease -> Fence.bind(batch, lease).add());
                    return Session.run(batch);
                });
    }

    private static final String CANCEL =
            """
            UPDATE run SET state = 'CANCELLED', reason = :reason, finished_at = :now
             WHERE id = :id AND state IN ('QUEUED', 'RUNNING')
            RETURNING *
            """;

    @Override
    public boolean cancel(RunId run, String reason, Instant now) {
        return database.write(
                "cancel run " + run,
                transaction -> {
                    var cancelled = cancel(transaction, run, reason, now);
                    cancelled.ifPresent(
                            _ ->
                                    transaction.auditIfAsked(
                                            Change.of("run", "cancel", run, "", reason)));
                    return cancelled.isPresent();
                });
    }

    static Optional<Run> cancel(Transaction transaction, RunId id, String reason, Instant now) {
        var cancelled =
                transaction
                        .query(CANCEL)
                        .bind("id", id.value())
                        .bind("reason", text(reason))
                        .bind("now", now.toEpochMilli())
                        .map((row, _) -> RunRows.map(row))
                        .findOne();
        cancelled.ifPresent(run -> transaction.events().add(run, RunState.CANCELLED, reason));
        cancelled.ifPresent(run -> new Turns(transaction).next(run.task()));
        cancelled.ifPresent(run -> cancelChildren(transaction, run, now));
        return cancelled;
    }

    static final String CANCEL_CHILDREN =
            """
            UPDATE run SET state = 'CANCELLED', reason = :reason, finished_at = :now
             WHERE parent = :parent AND (step IS NOT NULL OR trigger = 'BATCH' OR trigger = 'CALL')
               AND state IN ('QUEUED', 'RUNNING')
            RETURNING *
            """;

    /// Those that it sees to, and those that these see to.
    private static void cancelChildren(Transaction transaction, Run parent, Instant now) {
        var reason = "run " + parent.id() + " was cancelled";
        var children =
                transaction
                        .query(CANCEL_CHILDREN)
                        .bind("parent", parent.id().value())
                        .bind("reason", reason)
                        .bind("now", now.toEpochMilli())
                        .map((row, _) -> RunRows.map(row))
                        .list();
        for (var child : children) {
            transaction.events().add(child, RunState.CANCELLED, reason);
            cancelChildren(transaction, child, now);
        }
    }

    static final String HELD_SINCE =
            """
            SELECT run.*, task.origin FROM run JOIN task ON task.id = run.task_id
             WHERE run.epoch = :epoch AND run.node IS NOT NULL AND run.node = :node
               AND run.state IN ('QUEUED', 'RUNNING') AND run.state = 'QUEUED'
               AND run.due_at < :dueBefore
             LIMIT :limit
            """;

    @Override
    public List<Lease> heldSince(Holder holder, Instant dueBefore, int limit) {
        return database.read(
                "look for forgotten leases",
                session -> {
                    var held =
                            session.query(HELD_SINCE)
                                    .bind("epoch", holder.epoch())
                                    .bind("node", holder.node())
                                    .bind("dueBefore", dueBefore.toEpochMilli())
                                    .bind("limit", limit)
                                    .map((row, _) -> RunRows.Held.map(row))
                                    .list();
                    return RunRows.leases(session, definitions, held);
                });
    }

    static final String FENCES =
            """
            SELECT id, attempt, node, epoch FROM run
             WHERE id IN (/* ids */) AND node IS NOT NULL AND state IN ('QUEUED', 'RUNNING')
            """;

    @Override
    public Set<RunId> lost(List<Lease> leases) {
        if (leases.isEmpty()) {
            return Set.of();
        }
        var ids = leases.stream().map(SqlLeaseStore::id).toList();
        var current =
                database.read(
                        "compare leases",
                        session ->
                                new HashSet<>(
                                        session.query(FENCES, ids)
                                                .map((row, _) -> Fence.map(row))
                                                .list()));
        return leases.stream()
                .filter(lease -> !current.contains(Fence.of(lease)))
                .map(lease -> lease.run().id())
                .collect(Collectors.toSet());
    }

    @Override
    public List<Rescued> rescue(Instant now, int limit) {
        database.endStuck(); // What they have locked could not be taken.
        return database.write(
                "take runs from dead nodes",
                transaction -> {
                    var judged = leaseClock.now(transaction, now);
                    return new Rescue(transaction, definitions, now).run(judged, limit);
                });
    }
}
