package carillon.store;

import static carillon.store.Columns.optionalInstant;
import static carillon.store.Columns.optionalInt;

import carillon.ai.Spending;
import carillon.cluster.Holder;
import carillon.run.Output;
import carillon.run.Run;
import carillon.run.RunId;
import carillon.run.RunQuery;
import carillon.run.RunState;
import carillon.run.RunStore;
import carillon.task.TaskId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jdbi.v3.core.statement.Query;

/// The ledger in SQL, for reading; forgetting is left to [HistoryPruner].
final class SqlRunStore implements RunStore {
    private final Database database;
    private final HistoryPruner pruner;

    SqlRunStore(Foundation foundation) {
        this.database = foundation.database();
        this.pruner = new HistoryPruner(foundation.database());
    }

    private static final String FIND = "SELECT * FROM run WHERE id = :id";

    @Override
    public Optional<Run> find(RunId id) {
        return database.read("read run " + id, session -> find(session, id));
    }

    private static Optional<Run> find(Session session, RunId id) {
        return session.query(FIND)
                .bind("id", id.value())
                .map((row, _) -> RunRows.map(row))
                .findOne();
    }

    @Override
    public List<Run> list(RunQuery query) {
        return database.read(
                "list runs",
                session ->
                        bind(session.query(RunFilter.list(query)), query)
                                .bind("limit", query.limit())
                                .bind("offset", query.offset())
                                .map((row, _) -> RunRows.map(row))
                                .list());
    }

    @Override
    public long count(RunQuery query) {
        var all = new RunQuery(query.task(), query.states(), OptionalLong.empty(), 0, 0);
        return database.read(
                "count runs",
                session -> bind(session.query(RunFilter.count(all)), all).mapTo(Long.class).one());
    }

    private static Query bind(Query statement, RunQuery query) {
        query.task().ifPresent(task -> statement.bind("task", task.value()));
        query.before().ifPresent(before -> statement.bind("before", before));
        return statement;
    }

    @Override
    public Optional<String> input(RunId run) {
        return database.read(
                "read what run " + run + " was given", session -> RunInputs.find(session, run));
    }

    static final String RUNNING =
            """
            SELECT count(*) FROM run WHERE state IN ('QUEUED', 'RUNNING') AND state = 'RUNNING'
            """;

    @Override
    public long running() {
        return database.read(
                "count the runs under way",
                session -> session.query(RUNNING).mapTo(Long.class).one());
    }

    /// Of the attempt in the run's own row when that has begun and ended, else of the newest that
    /// ended before it.
    static final String OUTPUTS =
            """
            SELECT output.* FROM run JOIN output
                ON output.run_id = run.id
               AND output.attempt =
                   CASE WHEN run.finished_at IS NOT NULL AND run.attempt_started_at IS NOT NULL
                        THEN run.attempt
                        ELSE (SELECT max(attempt.attempt) FROM attempt
                               WHERE attempt.run_id = run.id)
                    END
             WHERE run.id IN (/* ids */)
            """;

    @Override
    public Output output(RunId run) {
        return outputs(List.of(run)).getOrDefault(run, Output.NONE);
    }

    @Override
    public Map<RunId, Output> outputs(List<RunId> runs) {
        var ids = runs.stream().map(RunId::value).toList();
        var found = new HashMap<RunId, Output>();
        database.read(
                "read outputs",
                session ->
                        session.query(OUTPUTS, ids)
                                .map(
                                        (row, _) ->
                                                found.put(
                                                        new RunId(row.getLong("run_id")),
                                                        output(row)))
                                .list());
        return found;
    }

    private static Output output(ResultSet row) throws SQLException {
        return new Output(
                optionalInt(row, "status_code"),
                row.getString("content_type"),
                row.getString("body"),
                row.getBoolean("cut"));
    }

    static final String SPENDINGS =
            """
            SELECT run_id, sum(input_tokens) AS input_tokens, sum(output_tokens) AS output_tokens,
                   sum(cost_nanodollars) AS cost_nanodollars
              FROM response
             WHERE run_id IN (/* ids */)
             GROUP BY run_id
            """;

    @Override
    public Map<RunId, Spending> spendings(List<RunId> runs) {
        var found = new HashMap<RunId, Spending>();
        database.read(
                "read what runs spent",
                session ->
                        session.query(SPENDINGS, runs.stream().map(RunId::value).toList())
                                .map(
                                        (row, _) ->
                                                found.put(
                                                        new RunId(row.getLong("run_id")),
                                                        ResponseRows.spending(row)))
                                .list());
        return found;
    }

    private static final String ENDED_ATTEMPTS =
            "SELECT * FROM attempt WHERE run_id = :run ORDER BY attempt";

    private static final String OUTPUTS_OF = "SELECT * FROM output WHERE run_id = :run";

    @Override
    public List<AttemptRow> attempts(RunId id) {
        return database.read("read the attempts of run " + id, session -> attempts(session, id));
    }

    private static List<AttemptRow> attempts(Session session, RunId id) {
        var run = find(session, id);
        var outputs = new HashMap<Integer, Output>();
        session.query(OUTPUTS_OF)
                .bind("run", id.value())
                .map((row, _) -> outputs.put(row.getInt("attempt"), output(row)))
                .list();
        var rows =
                session.query(ENDED_ATTEMPTS)
                        .bind("run", id.value())
                        .map((row, _) -> attempt(row, outputs))
                        .list();
        var attempts = new ArrayList<>(rows);
        run.flatMap(found -> newestAttempt(found, outputs)).ifPresent(attempts::add);
        return IntStream.range(0, attempts.size())
                .mapToObj(index -> attempts.get(index).numbered(index + 1))
                .toList();
    }

    private static AttemptRow attempt(ResultSet row, Map<Integer, Output> outputs)
            throws SQLException {
        int attempt = row.getInt("attempt");
        return new AttemptRow(
                attempt,
                RunState.valueOf(row.getString("state")),
                row.getString("reason"),
                optionalInstant(row, "started_at"),
                optionalInstant(row, "finished_at"),
                Optional.ofNullable(row.getString("node")),
                outputs.getOrDefault(attempt, Output.NONE));
    }

    /// The attempt that the run's own row tells of; none while it has not begun.
    private static Optional<AttemptRow> newestAttempt(Run run, Map<Integer, Output> outputs) {
        var progress = run.progress();
        var times = progress.times();
        if (times.attemptStartedAt().isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new AttemptRow(
                        run.attempt(),
                        run.state(),
                        progress.reason(),
                        times.attemptStartedAt(),
                        times.finishedAt(),
                        progress.holder().map(Holder::node),
                        outputs.getOrDefault(run.attempt(), Output.NONE)));
    }

    static final String LAST_ENDED =
            """
            SELECT * FROM run
             WHERE id IN (SELECT (SELECT max(ended.id) FROM run AS ended
                                   WHERE ended.task_id = task.id AND ended.step IS NULL
                                     AND ended.state IN ('SUCCEEDED', 'FAILED', 'CANCELLED')
                                     AND ended.attempt_started_at IS NOT NULL)
                            FROM task WHERE task.id IN (/* ids */))
            """;

    @Override
    public Map<TaskId, Run> lastEnded(List<TaskId> tasks) {
        var ids = tasks.stream().map(TaskId::value).toList();
        return database
                .read(
                        "read the last ended runs",
                        session ->
                                session.query(LAST_ENDED, ids)
                                        .map((row, _) -> RunRows.map(row))
                                        .list())
                .stream()
                .collect(Collectors.toMap(Run::task, run -> run));
    }

    static final String SLOTS =
            """
            SELECT * FROM run
             WHERE task_id = :task AND step IS NULL AND trigger = 'SCHEDULE' AND fire_time < :to
               AND coalesce(last_fire_time, fire_time) >= :from
               AND fire_time > :after
             ORDER BY fire_time
             LIMIT :limit
            """;

    @Override
    public List<Run> slots(
            TaskId task, Instant from, Instant to, Optional<Instant> after, int limit) {
        return database.read(
                "read the slots of task " + task,
                session ->
                        session.query(SLOTS)
                                .bind("task", task.value())
                                .bind("from", from.toEpochMilli())
                                .bind("to", to.toEpochMilli())
                                .bind(
                                        "after",
                                        after.map(Instant::toEpochMilli).orElse(Long.MIN_VALUE))
                                .bind("limit", limit)
                                .map((row, _) -> RunRows.map(row))
                                .list());
    }

    static final String TALLY =
            """
            SELECT state, sum(count) AS slots FROM run
             WHERE task_id = :task AND step IS NULL AND trigger = 'SCHEDULE'
               AND fire_time >= :from AND fire_time < :to
               AND coalesce(last_fire_time, fire_time) < :to
             GROUP BY state
            """;

    static final String CUT =
            """
            SELECT * FROM run
             WHERE task_id = :task AND step IS NULL AND trigger = 'SCHEDULE'
               AND (fire_time < :from AND last_fire_time >= :from
                    OR fire_time >= :from AND fire_time < :to AND last_fire_time >= :to)
             ORDER BY fire_time
            """;

    @Override
    public Tally tally(TaskId task, Instant from, Instant to) {
        return database.read(
                "balance the slots of task " + task,
                session -> {
                    var counts = new EnumMap<RunState, Long>(RunState.class);
                    range(session.query(TALLY), task, from, to)
                            .map(
                                    (row, _) ->
                                            counts.put(
                                                    RunState.valueOf(row.getString("state")),
                                                    row.getLong("slots")))
                            .list();
                    var cut =
                            range(session.query(CUT), task, from, to)
                                    .map((row, _) -> RunRows.map(row))
                                    .list();
                    return new Tally(counts, cut);
                });
    }

    private static Query range(Query statement, TaskId task, Instant from, Instant to) {
        return statement
                .bind("task", task.value())
                .bind("from", from.toEpochMilli())
                .bind("to", to.toEpochMilli());
    }

    private static final String PRUNED_UNTIL =
            """
            SELECT max(until) FROM (
                SELECT until FROM pruned_task WHERE task_id = :task
                 UNION ALL
                SELECT pruned_until FROM task WHERE id = :task
            ) AS pruned
            """;

    @Override
    public Optional<Instant> prunedUntil(TaskId task) {
        return database.read(
                        "read how far task " + task + " has been pruned",
                        session ->
                                session.query(PRUNED_UNTIL)
                                        .bind("task", task.value())
                                        .mapTo(Long.class)
                                        .findOne())
                .map(Instant::ofEpochMilli);
    }

    @Override
    public int prune(Instant endedBefore, int keepPerTask, int limit) {
        return pruner.prune(endedBefore, keepPerTask, limit);
    }
}
