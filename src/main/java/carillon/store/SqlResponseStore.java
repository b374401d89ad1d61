package carillon.store;

import static carillon.store.Columns.text;

import carillon.response.Response;
import carillon.response.ResponseQuery;
import carillon.response.ResponseStore;
import carillon.response.Search;
import carillon.run.ModelUse;
import carillon.run.RunId;
import carillon.task.TaskId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jdbi.v3.core.statement.Query;

/// Responses in SQL, for reading; see [ResponseRows] for writing.
final class SqlResponseStore implements ResponseStore {
    /// For how long ids of the same block are given out, and a little more.
    private static final Duration BLOCK_AGE = Duration.ofMinutes(2);

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
                        bind(session.query(statement(query)), query)
                                .map((row, _) -> ResponseRows.map(row))
                                .list());
    }

    /// Ids grow with time, so a lowest time is a lowest id too. They can run ahead of it, when the
    /// clock was set back, so that a highest time is not.
    static String statement(ResponseQuery query) {
        boolean searches = query.search().isPresent();
        var id = searches ? "/* searched id */" : "response.id";
        var text = new StringBuilder(SELECT);
        text.append(searches ? "/* searched responses */" : "response");
        text.append(" WHERE ").append(id).append(" < :before");
        query.search().ifPresent(_ -> text.append(" AND /* has the words */"));
        query.task().ifPresent(_ -> text.append(" AND response.task_id = :task"));
        query.model().ifPresent(_ -> text.append(" AND response.model = :model"));
        query.from()
                .ifPresent(
                        _ ->
                                text.append(" AND ")
                                        .append(id)
                                        .append(" >= :lowest")
                                        .append(" AND response.created_at >= :from"));
        query.to().ifPresent(_ -> text.append(" AND response.created_at < :to"));
        return text.append(" ORDER BY ").append(id).append(" DESC LIMIT :limit").toString();
    }

    private static final String SELECT =
            "SELECT response.id, response.run_id, response.attempt, response.task_id,"
                    + " response.created_at, response.state, response.model,"
                    + " response.provider_model, response.prompt_id, response.prompt_version,"
                    + " response.input_tokens, response.output_tokens, response.cost_nanodollars,"
                    + " response.latency_ms, substr(response.text, 1, "
                    + LISTED
                    + ") AS text FROM ";

    private static Query bind(Query statement, ResponseQuery query) {
        statement.bind("before", query.before().orElse(Long.MAX_VALUE));
        statement.bind("limit", query.limit());
        query.search().ifPresent(search -> statement.bind("words", words(search)));
        query.task().ifPresent(task -> statement.bind("task", task.value()));
        query.model().ifPresent(model -> statement.bind("model", text(model)));
        query.from().ifPresent(from -> bindFrom(statement, from));
        query.to().ifPresent(to -> statement.bind("to", to.toEpochMilli()));
        return statement;
    }

    private static void bindFrom(Query statement, Instant from) {
        statement.bind("from", from.toEpochMilli());
        statement.bind("lowest", Ids.at(from.minus(BLOCK_AGE)));
    }

    /// Both databases read words between double quotes as a phrase, and all phrases as demanded.
    private static String words(Search search) {
        return search.terms().stream()
                .map(term -> "\"" + term + "\"")
                .collect(Collectors.joining(" "));
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
