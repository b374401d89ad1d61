package carillon.store;

import carillon.run.ListedRuns;
import carillon.run.Run;
import carillon.run.RunState;
import carillon.task.TaskId;
import java.time.LocalDate;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.statement.Query;

/// The runs of the tasks of a list in SQL.
final class SqlListedRuns implements ListedRuns {
    private static final long NO_TASK = 0;

    private final Database database;
    private final Purges purges;

    SqlListedRuns(Database database) {
        this.database = database;
        this.purges = new Purges(database);
    }

    private static final String LISTED =
            """
             EXISTS (SELECT 1 FROM task_listing
                            WHERE list = :list AND task_listing.task_id = run.task_id)
            """;

    private static final String IN_LIST = " step IS NULL AND" + LISTED;

    /// In the words of the index of open runs, and not in those of the index of all of a task's.
    private static final String OPEN_RUNS =
            "SELECT count(*) FROM run"
                    + " WHERE state IN ('QUEUED', 'RUNNING') AND coalesce(step, '') = '' AND";

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

    private static final String OF_TASK = " AND (:task = 0 OR task_id = :task)";

    static final String OPEN = OPEN_RUNS + LISTED + OF_TASK;

    @Override
    public long open(String list, Optional<TaskId> task) {
        return database.read(
                "count the open runs of " + list,
                session ->
                        session.query(OPEN)
                                .bind("list", list)
                                .bind("task", task.map(TaskId::value).orElse(NO_TASK))
                                .mapTo(Long.class)
                                .one());
    }

    static final String COUNT =
            """
            SELECT (SELECT coalesce(sum(runs), 0) FROM task_tally
                     WHERE task_id = :task AND day = -1)
            """
                    + (" + (" + OPEN_RUNS + " task_id = :task)");

    @Override
    public long count(TaskId task) {
        return database.read(
                "count the runs of task " + task,
                session -> session.query(COUNT).bind("task", task.value()).mapTo(Long.class).one());
    }

    /// Goes from the list to the days of each task, along the key.
    private static final String TALLIES =
            """
              FROM task_listing AS listed
              JOIN task_tally AS tally ON tally.task_id = listed.task_id
             WHERE listed.list = :list AND (:task = 0 OR listed.task_id = :task)
               AND tally.day >= :from
            """;

    static final String ENDED =
            """
            SELECT tally.task_id AS task_id, tally.day AS day, tally.state AS state,
                   sum(tally.runs) AS runs, sum(tally.millis) AS millis
            """
                    + TALLIES
                    + " GROUP BY tally.task_id, tally.day, tally.state";

    @Override
    public List<Ended> ended(String list, Optional<TaskId> task, LocalDate from) {
        return database.read(
                "read how runs of " + list + " ended",
                session ->
                        bind(session.query(ENDED), list, task, from)
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

    private static Query bind(Query query, String list, Optional<TaskId> task, LocalDate from) {
        return query.bind("list", list)
                .bind("task", task.map(TaskId::value).orElse(NO_TASK))
                .bind("from", Math.max(0, from.toEpochDay()));
    }

    static final String FAULTS =
            "SELECT tally.reason AS reason, sum(tally.runs) AS runs"
                    + TALLIES
                    + " AND tally.state = 'FAILED'"
                    + " GROUP BY tally.reason ORDER BY runs DESC, tally.reason LIMIT :limit";

    @Override
    public List<Fault> faults(String list, Optional<TaskId> task, LocalDate from, int limit) {
        return database.read(
                "read the faults of " + list,
                session ->
                        bind(session.query(FAULTS), list, task, from)
                                .bind("limit", limit)
                                .map(
                                        (row, _) ->
                                                new Fault(
                                                        row.getString("reason"),
                                                        row.getLong("runs")))
                                .list());
    }

    static final String TOKENS =
            """
            SELECT coalesce(sum(taken.tokens), 0)
              FROM task_listing AS listed
              JOIN task_tokens AS taken ON taken.task_id = listed.task_id
             WHERE listed.list = :list AND (:task = 0 OR listed.task_id = :task)
               AND taken.day >= :from
            """;

    @Override
    public long tokens(String list, Optional<TaskId> task, LocalDate from) {
        return database.read(
                "read the tokens of " + list,
                session -> bind(session.query(TOKENS), list, task, from).mapTo(Long.class).one());
    }

    /// Those of which something old is kept. By the task, since there is no index by the day.
    static final String OLD =
            """
            SELECT id FROM counted_task
             WHERE id > :after
               AND (EXISTS (SELECT 1 FROM task_tally
                             WHERE task_id = counted_task.id AND day >= 0 AND day < :before)
                    OR EXISTS (SELECT 1 FROM task_tokens
                                WHERE task_id = counted_task.id AND day < :before))
             ORDER BY id
             LIMIT :limit
            """;

    private static final List<String> FORGET =
            List.of(
                    "DELETE FROM task_tally"
                            + " WHERE task_id IN (/* ids */) AND day >= 0 AND day < :before",
                    "DELETE FROM task_tokens WHERE task_id IN (/* ids */) AND day < :before");

    @Override
    public void forget(LocalDate before) {
        long day = before.toEpochDay();
        for (var old = old(0, day); !old.isEmpty(); old = old(old.getLast(), day)) {
            var tasks = old;
            purges.run("forget how old runs of tasks ended", all -> forget(all, tasks, day));
        }
    }

    private List<Long> old(long after, long before) {
        return database.read(
                "look for how old runs of tasks ended",
                session ->
                        session.query(OLD)
                                .bind("after", after)
                                .bind("before", before)
                                .bind("limit", purges.size())
                                .mapTo(Long.class)
                                .list());
    }

    private static int forget(Transaction transaction, List<Long> tasks, long before) {
        return FORGET.stream()
                .mapToInt(part -> transaction.update(part, tasks).bind("before", before).execute())
                .sum();
    }
}
