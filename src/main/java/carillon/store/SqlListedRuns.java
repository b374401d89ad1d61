package carillon.store;

import carillon.run.ListedRuns;
import carillon.run.Run;
import carillon.run.RunState;
import carillon.task.TaskId;
import java.time.Instant;
import java.time.LocalDate;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The runs of the tasks of a list in SQL.
final class SqlListedRuns implements ListedRuns {
    private static final long NO_TASK = 0;

    private final Database database;

    SqlListedRuns(Database database) {
        this.database = database;
    }

    private static final String IN_LIST =
            """
             step IS NULL
               AND EXISTS (SELECT 1 FROM task_listing
                            WHERE list = :list AND task_listing.task_id = run.task_id)
            """;

    @Override
    public List<Run> list(String list, Set<RunState> states, int offset, int limit) {
        var wanted = states.isEmpty() ? EnumSet.allOf(RunState.class) : states;
        var names = wanted.stream().map(state -> "'" + state.name() + "'").toList();
        var statement =
                "SELECT * FROM run WHERE state IN ("
                        + String.join(", ", names)
                        + ") AND"
                        + IN_LIST
                        + " ORDER BY id DESC LIMIT :limit OFFSET :offset";
        return database.read(
                "list the runs of " + list,
                session ->
                        session.query(statement)
                                .bind("list", list)
                                .bind("limit", limit)
                                .bind("offset", offset)
                                .map((row, _) -> RunRows.map(row))
                                .list());
    }

    private static final String ENDED =
            """
            SELECT task_id, finished_at / 86400000 AS day, state, count(*) AS runs,
                   sum(finished_at - coalesce(started_at, finished_at)) AS millis
              FROM run
             WHERE finished_at >= :from AND
            """
                    + IN_LIST
                    + " GROUP BY task_id, finished_at / 86400000, state";

    @Override
    public List<Ended> ended(String list, Instant from) {
        return database.read(
                "count the ended runs of " + list,
                session ->
                        session.query(ENDED)
                                .bind("list", list)
                                .bind("from", from.toEpochMilli())
                                .map(
                                        (row, _) ->
                                                new Ended(
                                                        new TaskId(row.getLong("task_id")),
                                                        LocalDate.ofEpochDay(row.getLong("day")),
                                                        RunState.valueOf(row.getString("state")),
                                                        row.getLong("runs"),
                                                        row.getLong("millis")))
                                .list());
    }

    private static final String FAULTS =
            """
            SELECT reason, count(*) AS runs
              FROM run
             WHERE state = 'FAILED' AND finished_at >= :from AND (:task = 0 OR task_id = :task) AND
            """
                    + IN_LIST
                    + " GROUP BY reason ORDER BY runs DESC, reason LIMIT :limit";

    @Override
    public List<Fault> faults(String list, Optional<TaskId> task, Instant from, int limit) {
        return database.read(
                "count the faults of " + list,
                session ->
                        session.query(FAULTS)
                                .bind("list", list)
                                .bind("task", task.map(TaskId::value).orElse(NO_TASK))
                                .bind("from", from.toEpochMilli())
                                .bind("limit", limit)
                                .map(
                                        (row, _) ->
                                                new Fault(
                                                        row.getString("reason"),
                                                        row.getLong("runs")))
                                .list());
    }

    private static final String TOKENS =
            """
            SELECT coalesce(sum(coalesce(input_tokens, 0) + coalesce(output_tokens, 0)), 0)
              FROM response
             WHERE created_at >= :from AND (:task = 0 OR task_id = :task)
               AND EXISTS (SELECT 1 FROM task_listing
                            WHERE list = :list AND task_listing.task_id = response.task_id)
            """;

    @Override
    public long tokens(String list, Optional<TaskId> task, Instant from) {
        return database.read(
                "count the tokens of " + list,
                session ->
                        session.query(TOKENS)
                                .bind("list", list)
                                .bind("task", task.map(TaskId::value).orElse(NO_TASK))
                                .bind("from", from.toEpochMilli())
                                .mapTo(Long.class)
                                .one());
    }
}
