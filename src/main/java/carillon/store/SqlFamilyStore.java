package carillon.store;

import static carillon.store.Columns.text;

import carillon.audit.Change;
import carillon.cluster.Holder;
import carillon.run.FamilyStore;
import carillon.run.Lease;
import carillon.run.LeaseStore.NewRun;
import carillon.run.Output;
import carillon.run.Run;
import carillon.run.RunId;
import carillon.run.RunState;
import carillon.task.TaskId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The runs that other runs see to, in SQL.
final class SqlFamilyStore implements FamilyStore {
    private final Database database;
    private final SqlLeaseStore leases;

    SqlFamilyStore(Foundation foundation, SqlLeaseStore leases) {
        this.database = foundation.database();
        this.leases = leases;
    }

    /// Each part has an index that leads to it.
    static final String CHILDREN =
            """
            SELECT id, task_id, step, state FROM run
             WHERE parent = :parent AND step IS NOT NULL AND id > :after
            UNION ALL
            SELECT id, task_id, step, state FROM run
             WHERE parent = :parent AND trigger = 'BATCH' AND id > :after
            UNION ALL
            SELECT id, task_id, step, state FROM run
             WHERE parent = :parent AND trigger = 'CALL' AND id > :after
            ORDER BY id
            LIMIT :limit
            """;

    @Override
    public List<Child> children(RunId parent, long after, int limit) {
        return database.read(
                "read the runs that run " + parent + " sees to",
                session ->
                        session.query(CHILDREN)
                                .bind("parent", parent.value())
                                .bind("after", after)
                                .bind("limit", limit)
                                .map((row, _) -> child(row))
                                .list());
    }

    private static final String OF =
            "SELECT id, task_id, step, state FROM run WHERE id IN (/* ids */)";

    @Override
    public List<Child> of(List<RunId> runs) {
        if (runs.isEmpty()) {
            return List.of();
        }
        var ids = runs.stream().map(RunId::value).toList();
        return database.read(
                "read how runs stand",
                session -> session.query(OF, ids).map((row, _) -> child(row)).list());
    }

    private static Child child(ResultSet row) throws SQLException {
        return new Child(
                new RunId(row.getLong("id")),
                new TaskId(row.getLong("task_id")),
                RunRows.step(row),
                RunState.valueOf(row.getString("state")));
    }

    /// Changes nothing; locks the parent's row, so that nobody takes the run away meanwhile.
    private static final String IS_CURRENT =
            """
            UPDATE run SET attempt = attempt
             WHERE id = :id AND attempt = :attempt AND node = :node AND epoch = :epoch
               AND state IN ('QUEUED', 'RUNNING')
            """;

    @Override
    public Optional<List<Lease>> enqueue(
            Lease parent, List<NewRun> children, List<NotDone> notDone, Optional<Holder> holder) {
        return database.write(
                "write the runs that run " + parent.run().id() + " sees to",
                transaction -> {
                    if (!isCurrent(transaction, parent)) {
                        return Optional.<List<Lease>>empty();
                    }
                    skip(transaction, notDone);
                    return Optional.of(leases.enqueueIn(transaction, children, holder));
                });
    }

    private static final String SKIP =
            """
            INSERT INTO run (id, task_id, version, trigger, due_at, priority, parent, step, state,
                             reason, attempt, max_attempts, finished_at)
            VALUES (:id, :task, :version, :trigger, :dueAt, :priority, :parent, :step, 'SKIPPED',
                    :reason, 0, 1, :dueAt)
            """;

    private static void skip(Transaction transaction, List<NotDone> notDone) {
        if (notDone.isEmpty()) {
            return;
        }
        var batch = transaction.batch(SKIP);
        for (var one : notDone) {
            var run = one.run();
            var occasion = run.occasion();
            batch.bind("id", run.id().value())
                    .bind("task", run.task().value())
                    .bind("version", run.version())
                    .bind("trigger", occasion.trigger().name())
                    .bind("dueAt", occasion.dueAt().toEpochMilli())
                    .bind("priority", occasion.priority())
                    .bind("parent", occasion.parent().orElseThrow().value())
                    .bind("step", occasion.step().orElseThrow().toString())
                    .bind("reason", text(one.reason()))
                    .add();
            var row =
                    RunRows.queued(
                            run.id(),
                            new Definitions.Key(run.task().value(), run.version()),
                            occasion,
                            1,
                            Optional.empty());
            transaction.events().add(row, RunState.SKIPPED, one.reason());
        }
        Session.run(batch);
    }

    static final String RUNS_OF_STEPS =
            """
            SELECT * FROM run WHERE parent = :parent AND step IS NOT NULL AND id > :after
             ORDER BY id
             LIMIT :limit
            """;

    @Override
    public List<Run> steps(RunId workflow, long after, int limit) {
        return database.read(
                "read the steps of run " + workflow,
                session ->
                        session.query(RUNS_OF_STEPS)
                                .bind("parent", workflow.value())
                                .bind("after", after)
                                .bind("limit", limit)
                                .map((row, _) -> RunRows.map(row))
                                .list());
    }

    @Override
    public boolean decide(
            RunId approval, RunState state, String reason, Output output, Instant now) {
        return database.write(
                "decide run " + approval,
                transaction -> {
                    var end = new StepEnds.End(state, reason, output, now);
                    var decided = StepEnds.end(transaction, approval, end);
                    decided.ifPresent(
                            run ->
                                    transaction.audit(
                                            Change.of("run", "decide", run.id(), "", reason)));
                    return decided.isPresent();
                });
    }

    private static boolean isCurrent(Transaction transaction, Lease lease) {
        return Fence.bind(transaction.update(IS_CURRENT), lease).execute() == 1;
    }
}
