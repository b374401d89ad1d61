package carillon.store;

import static carillon.store.Columns.text;

import carillon.response.Response;
import carillon.response.ResponseQuery;
import carillon.response.ResponseStore;
import carillon.run.ModelUse;
import carillon.run.RunId;
import carillon.task.TaskId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// Responses in SQL, for reading; see [ResponseRows] for writing.
final class SqlResponseStore implements ResponseStore {
    private final Database database;

    SqlResponseStore(Foundation foundation) {
        this.database = foundation.database();
    }

    private static final String FIND = "SELECT * FROM response WHERE id = :id";

    @Override
    public Optional<Response> find(long id) {
        return database.read(
                "read response " + id,
                session ->
                        session.query(FIND)
                                .bind("id", id)
                                .map((row, _) -> ResponseRows.map(row))
                                .findOne());
    }

    static final String OF_RUN =
            "SELECT * FROM response WHERE run_id = :run ORDER BY attempt DESC, id DESC LIMIT 1";

    @Override
    public Optional<Response> ofRun(RunId run) {
        return database.read(
                "read the response of run " + run,
                session ->
                        session.query(OF_RUN)
                                .bind("run", run.value())
                                .map((row, _) -> ResponseRows.map(row))
                                .findOne());
    }

    @Override
    public List<Response> list(ResponseQuery query) {
        return database.read(
                "list responses",
                session ->
                        query.search().isEmpty()
                                ? rows(session, ResponseFilter.list(query), query)
                                : found(session, query));
    }

    private static List<Response> found(Session session, ResponseQuery query) {
        return switch (session.dialect()) {
            case SQLITE -> rows(session, ResponseFilter.foundBySqlite(query), query);
            case POSTGRESQL -> {
                var newest = rows(session, ResponseFilter.foundAmongNewest(query), query);
                yield newest.size() == query.limit()
                        ? newest
                        : session.withoutScans(
                                () -> rows(session, ResponseFilter.foundByIndex(query), query));
            }
        };
    }

    private static List<Response> rows(Session session, String statement, ResponseQuery query) {
        return ResponseFilter.bind(session.query(statement), query, session.dialect())
                .map((row, _) -> ResponseRows.map(row))
                .list();
    }

    static final String LAST_TEXT =
            """
            SELECT text FROM response
             WHERE task_id = :task AND state = 'WHOLE'
               AND EXISTS (SELECT 1 FROM run
                            WHERE run.id = response.run_id AND run.state = 'SUCCEEDED')
             ORDER BY id DESC
             LIMIT 1
            """;

    @Override
    public Optional<String> lastText(TaskId task) {
        return database.read(
                "read the last response of task " + task,
                session ->
                        session.query(LAST_TEXT)
                                .bind("task", task.value())
                                .mapTo(String.class)
                                .findOne());
    }

    static final String USAGE =
            """
            SELECT day, sum(requests) AS requests, sum(failures) AS failures,
                   sum(input_tokens) AS input_tokens, sum(output_tokens) AS output_tokens,
                   sum(cost_nanodollars) AS cost_nanodollars
              FROM model_usage
             WHERE model = :model AND day >= :from AND day <= :to
             GROUP BY day
            """;

    @Override
    public SortedMap<LocalDate, ModelUse> usage(String model, LocalDate from, LocalDate to) {
        var days = new TreeMap<LocalDate, ModelUse>();
        database.read(
                "read the usage of a model",
                session ->
                        session.query(USAGE)
                                .bind("model", text(model))
                                .bind("from", UsageRows.day(from))
                                .bind("to", UsageRows.day(to))
                                .map(
                                        (row, _) ->
                                                days.put(
                                                        LocalDate.ofEpochDay(row.getLong("day")),
                                                        use(model, row)))
                                .list());
        return days;
    }

    private static ModelUse use(String model, ResultSet row) throws SQLException {
        return new ModelUse(
                model,
                row.getLong("requests"),
                row.getLong("failures"),
                ResponseRows.spending(row));
    }

    private static final String FORGET_USAGE = "DELETE FROM model_usage WHERE day < :before";

    @Override
    public void forgetUsage(LocalDate before) {
        database.write(
                "forget old usage of models",
                transaction ->
                        transaction
                                .update(FORGET_USAGE)
                                .bind("before", UsageRows.day(before))
                                .execute());
    }
}
