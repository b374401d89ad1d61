package carillon.store;

import static carillon.store.Columns.instant;

import carillon.audit.Change;
import carillon.batch.BatchStore;
import carillon.batch.Standing;
import carillon.batch.Standing.Mark;
import carillon.batch.Totals;
import carillon.run.RunId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// How far batches are, in SQL.
final class SqlBatchStore implements BatchStore {
    private final Database database;

    SqlBatchStore(Foundation foundation) {
        this.database = foundation.database();
    }

    private static final String WRITE =
            """
            INSERT INTO batch_standing (run_id, mark, total, succeeded, failed, input_tokens,
                                        output_tokens, cost_nanodollars, resumed, began_at,
                                        written_at)
            VALUES (:run, :mark, :total, :succeeded, :failed, :inputTokens, :outputTokens, :cost,
                    :resumed, :beganAt, :writtenAt)
            ON CONFLICT (run_id) DO UPDATE
               SET mark = CASE WHEN batch_standing.mark = 'WHOLE' THEN 'WHOLE'
                               WHEN excluded.mark = 'WHOLE' THEN 'WHOLE'
                               ELSE batch_standing.mark END,
                   total = excluded.total, succeeded = excluded.succeeded,
                   failed = excluded.failed, input_tokens = excluded.input_tokens,
                   output_tokens = excluded.output_tokens,
                   cost_nanodollars = excluded.cost_nanodollars, resumed = excluded.resumed,
                   began_at = excluded.began_at, written_at = excluded.written_at
            RETURNING mark
            """;

    @Override
    public Mark write(RunId run, Standing standing) {
        var totals = standing.totals();
        return database.write(
                "write how far a batch is",
                transaction ->
                        transaction
                                .query(WRITE)
                                .bind("run", run.value())
                                .bind("mark", standing.mark().name())
                                .bind("total", standing.rows())
                                .bind("succeeded", totals.succeeded())
                                .bind("failed", totals.failed())
                                .bind("inputTokens", totals.inputTokens())
                                .bind("outputTokens", totals.outputTokens())
                                .bind("cost", totals.costNanodollars())
                                .bind("resumed", standing.resumed())
                                .bind("beganAt", standing.began().toEpochMilli())
                                .bind("writtenAt", standing.at().toEpochMilli())
                                .map((row, _) -> Mark.valueOf(row.getString("mark")))
                                .one());
    }

    @Override
    public Optional<Standing> find(RunId run) {
        return Optional.ofNullable(of(List.of(run)).get(run));
    }

    private static final String OF = "SELECT * FROM batch_standing WHERE run_id IN (/* ids */)";

    @Override
    public Map<RunId, Standing> of(List<RunId> runs) {
        if (runs.isEmpty()) {
            return Map.of();
        }
        var ids = runs.stream().map(RunId::value).toList();
        var found = new HashMap<RunId, Standing>();
        database.read(
                "read how far batches are",
                session ->
                        session.query(OF, ids)
                                .map((row, _) -> found.put(run(row), standing(row)))
                                .list());
        return found;
    }

    private static RunId run(ResultSet row) throws SQLException {
        return new RunId(row.getLong("run_id"));
    }

    private static Standing standing(ResultSet row) throws SQLException {
        return new Standing(
                row.getLong("total"),
                new Totals(
                        row.getLong("succeeded"),
                        row.getLong("failed"),
                        row.getLong("input_tokens"),
                        row.getLong("output_tokens"),
                        row.getLong("cost_nanodollars")),
                row.getLong("resumed"),
                instant(row, "began_at"),
                instant(row, "written_at"),
                Mark.valueOf(row.getString("mark")));
    }

    private static final String PAUSE =
            """
            INSERT INTO batch_standing (run_id, mark, total, succeeded, failed, input_tokens,
                                        output_tokens, cost_nanodollars, resumed, began_at,
                                        written_at)
            SELECT id, 'PAUSED', 0, 0, 0, 0, 0, 0, 0, :now, :now FROM run
             WHERE id = :run AND state IN ('QUEUED', 'RUNNING')
            ON CONFLICT (run_id) DO UPDATE SET mark = 'PAUSED'
             WHERE batch_standing.mark <> 'WHOLE'
            """;

    @Override
    public boolean pause(RunId run, Instant now) {
        return database.write(
                "pause the batch of run " + run,
                transaction ->
                        transaction.changed(
                                transaction
                                        .update(PAUSE)
                                        .bind("run", run.value())
                                        .bind("now", now.toEpochMilli()),
                                Change.of("run", "pause", run, "", "")));
    }

    private static final String GO_ON =
            "UPDATE batch_standing SET mark = 'GOES_ON' WHERE run_id = :run AND mark = 'PAUSED'";

    private static final String MAKE_DUE =
            """
            UPDATE run SET due_at = :now
             WHERE id = :run AND state = 'QUEUED' AND node IS NULL AND due_at > :now
            """;

    /// Those that have found it paused, or themselves.
    private static final String MAKE_OTHERS_DUE =
            """
            UPDATE run SET due_at = :now
             WHERE id IN (/* ids */) AND state = 'QUEUED' AND node IS NULL AND due_at > :now
               AND reason = 'paused'
            """;

    static final String BELOW =
            """
            SELECT id FROM run
             WHERE parent = :parent AND (step IS NOT NULL OR trigger = 'BATCH' OR trigger = 'CALL')
               AND state IN ('QUEUED', 'RUNNING')
            """;

    /// The open runs that a run sees to, those that these see to, and so on.
    private static List<Long> below(Transaction transaction, RunId run) {
        var found = new ArrayList<Long>(List.of(run.value()));
        for (int i = 0; i < found.size(); i++) {
            found.addAll(
                    transaction.query(BELOW).bind("parent", found.get(i)).mapTo(Long.class).list());
        }
        return found;
    }

    @Override
    public boolean resume(RunId run, Instant now) {
        return database.write(
                "resume the batch of run " + run,
                transaction -> {
                    boolean resumed =
                            transaction.changed(
                                    transaction.update(GO_ON).bind("run", run.value()),
                                    Change.of("run", "resume", run, "", ""));
                    if (resumed) {
                        transaction
                                .update(MAKE_DUE)
                                .bind("run", run.value())
                                .bind("now", now.toEpochMilli())
                                .execute();
                        transaction
                                .update(MAKE_OTHERS_DUE, below(transaction, run))
                                .bind("now", now.toEpochMilli())
                                .execute();
                    }
                    return resumed;
                });
    }
}
