package carillon.store;

import static carillon.response.ResponseStore.LISTED;
import static carillon.store.Columns.text;

import carillon.response.ResponseQuery;
import carillon.response.Search;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.stream.Collectors;
import org.jdbi.v3.core.statement.Query;

/// The statements for a [ResponseQuery]. All name the parameters that [#bind] gives them.
final class ResponseFilter {
    /// For how long ids of the same block are given out, and a little more.
    private static final Duration BLOCK_AGE = Duration.ofMinutes(2);

    /// So many are looked at one by one before PostgreSQL's index is asked for all at once.
    private static final int NEWEST = 1_000;

    private static final String COLUMNS =
            "SELECT response.id, run_id, attempt, task_id, created_at, state, model,"
                    + " provider_model, prompt_id, prompt_version, input_tokens, output_tokens,"
                    + " cost_nanodollars, latency_ms, substr(response.text, 1, "
                    + LISTED
                    + ") AS text FROM ";

    private static final String HAS_THE_WORDS = "words @@ websearch_to_tsquery('simple', :words)";

    private ResponseFilter() {}

    static String list(ResponseQuery query) {
        return COLUMNS
                + "response WHERE "
                + where(query, "response.id")
                + " ORDER BY response.id DESC LIMIT :limit";
    }

    /// FTS5 walks its matches from the newest on, and reads no more of them than it needs.
    static String foundBySqlite(ResponseQuery query) {
        return COLUMNS
                + "response_words CROSS JOIN response ON response.id = response_words.rowid"
                + " WHERE response_words MATCH :words AND "
                + where(query, "response_words.rowid")
                + " ORDER BY response_words.rowid DESC LIMIT :limit";
    }

    /// What is found often is found among the newest: then PostgreSQL need not gather all matches,
    /// which its index has in no order.
    static String foundAmongNewest(ResponseQuery query) {
        return COLUMNS
                + "(SELECT * FROM response WHERE "
                + where(query, "id")
                + " ORDER BY id DESC LIMIT "
                + NEWEST
                + ") AS response WHERE "
                + HAS_THE_WORDS
                + " ORDER BY response.id DESC LIMIT :limit";
    }

    /// Gathers all matches by the index first. Left to itself, PostgreSQL may walk over all
    /// responses from the newest on, and look into the words of each.
    static String foundByIndex(ResponseQuery query) {
        return "WITH found AS MATERIALIZED (SELECT id FROM response WHERE "
                + HAS_THE_WORDS
                + " AND "
                + where(query, "id")
                + ") "
                + COLUMNS
                + "response WHERE id IN (SELECT id FROM found ORDER BY id DESC LIMIT :limit)"
                + " ORDER BY response.id DESC";
    }

    /// Ids grow with time, so a lowest time is a lowest id too. They can run ahead of it, when the
    /// clock was set back, so that a highest time is not.
    private static String where(ResponseQuery query, String id) {
        var where = new StringBuilder(id).append(" < :before");
        query.task().ifPresent(_ -> where.append(" AND task_id = :task"));
        query.model().ifPresent(_ -> where.append(" AND model = :model"));
        query.from()
                .ifPresent(
                        _ ->
                                where.append(" AND ")
                                        .append(id)
                                        .append(" >= :lowest AND created_at >= :from"));
        query.to().ifPresent(_ -> where.append(" AND created_at < :to"));
        return where.toString();
    }

    static Query bind(Query statement, ResponseQuery query, Dialect dialect) {
        statement.bind("before", query.before().orElse(Long.MAX_VALUE));
        statement.bind("limit", query.limit());
        query.search().ifPresent(search -> statement.bind("words", words(search, query, dialect)));
        query.task().ifPresent(task -> statement.bind("task", task.value()));
        query.model().ifPresent(model -> statement.bind("model", text(model)));
        query.from()
                .ifPresent(
                        from ->
                                statement
                                        .bind("from", from.toEpochMilli())
                                        .bind("lowest", Ids.at(from.minus(BLOCK_AGE))));
        query.to().ifPresent(to -> statement.bind("to", to.toEpochMilli()));
        return statement;
    }

    /// Both databases read words between double quotes as a phrase, and all phrases as demanded.
    private static String words(Search search, ResponseQuery query, Dialect dialect) {
        var words =
                search.terms().stream()
                        .map(term -> "\"" + term + "\"")
                        .collect(Collectors.joining(" "));
        return switch (dialect) {
            case POSTGRESQL -> words;
            case SQLITE -> "text : (" + words + ")" + marks(query);
        };
    }

    /// See `marks` where the table is made.
    private static String marks(ResponseQuery query) {
        var task = query.task().map(id -> " AND marks : \"t" + id + "\"").orElse("");
        var model = query.model().map(name -> " AND marks : \"m" + hex(name) + "\"").orElse("");
        return task + model;
    }

    private static String hex(String model) {
        return HexFormat.of().formatHex(text(model).getBytes(StandardCharsets.UTF_8));
    }
}
