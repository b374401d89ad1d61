package carillon.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// PostgreSQL too finds the rows of hot statements by an index, over tables with so many rows that
/// it reads one as a whole only where it has to.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PostgresIndexTest {
    private static final Pattern PARAMETER = Pattern.compile("(?<!:):([a-zA-Z]\\w*)");

    /// Their types cannot be told from where they stand.
    private static final Set<String> NUMBERS = Set.of("width", "limit", "offset");

    /// What grows with the history.
    private static final Pattern READS_ALL =
            Pattern.compile("Seq Scan on (run|attempt|output|response|delivery|event)\\b");

    private static final List<String> ROWS =
            List.of(
                    """
                    INSERT INTO task (id, origin, name, search_text, version, paused, planned,
                                      next_fire_at, look_again_at, created_at, updated_at)
                    SELECT n, 'native', 'task', 'task', 1, n % 100 = 0, 10,
                           CASE WHEN n % 2 = 0 THEN n END, CASE WHEN n % 2 = 0 THEN n END, n, n
                      FROM generate_series(1, 20000) AS n
                    """,
                    """
                    INSERT INTO task_listing (list, task_id, paused)
                    SELECT CASE WHEN n % 20 = 0 THEN 'some' ELSE 'many' END, n, n % 100 = 0
                      FROM generate_series(1, 20000) AS n
                    """,
                    """
                    INSERT INTO client_task (api, client_id, task_id, fingerprint)
                    SELECT 'chronos', 'client' || n, n, '' FROM generate_series(1, 10000) AS n
                    """,
                    """
                    INSERT INTO counted_task (id) SELECT n FROM generate_series(1, 1000) AS n
                    """,
                    """
                    INSERT INTO task_tally (task_id, day, state, reason, lane, runs, millis)
                    SELECT task, day, 'SUCCEEDED', '', 0, 1, 1
                      FROM generate_series(1, 1000) AS task, generate_series(1, 50) AS day
                    """,
                    """
                    INSERT INTO task_tokens (task_id, day, lane, tokens)
                    SELECT task, day, 0, 1
                      FROM generate_series(1, 1000) AS task, generate_series(1, 50) AS day
                    """,
                    """
                    INSERT INTO run (id, task_id, version, trigger, fire_time, due_at, priority,
                                     state, attempt, max_attempts, node, epoch, started_at,
                                     attempt_started_at, finished_at)
                    SELECT n, 1 + n % 20000, 1, 'SCHEDULE', n, n, 5,
                           CASE WHEN n > 199900 THEN CASE n % 2 WHEN 0 THEN 'QUEUED'
                                                                ELSE 'RUNNING' END
                                WHEN n % 1000 = 0 THEN 'FAILED' ELSE 'SUCCEEDED' END,
                           1, 1, CASE WHEN n <= 199900 OR n % 2 = 1 THEN 'node' END, 1 + n % 3,
                           n, n, CASE WHEN n <= 199900 THEN n END
                      FROM generate_series(1, 200000) AS n
                    """,
                    """
                    INSERT INTO attempt (run_id, attempt, state, reason)
                    SELECT n, 1, 'FAILED', '' FROM generate_series(1, 200000, 4) AS n
                    """,
                    """
                    INSERT INTO output (run_id, attempt, content_type, body, cut)
                    SELECT n, 1, 'text/plain', 'fine', FALSE
                      FROM generate_series(1, 200000, 4) AS n
                    """,
                    """
                    INSERT INTO response (id, run_id, attempt, task_id, created_at, state, model,
                                          provider_model, latency_ms, text)
                    SELECT n, n, 1, 1 + n % 20000, n, 'WHOLE', 'model' || n % 10, 'model', 1,
                           'hello world'
                      FROM generate_series(1, 50000) AS n
                    """,
                    """
                    INSERT INTO delivery (id, kind, owner, task_id, position, type, target, state,
                                          attempts, due_at, created_at)
                    SELECT n, 'PROCESSOR', n, 1, 0, 'webhook', 'x',
                           CASE WHEN n % 1000 = 0 THEN 'PENDING' ELSE 'DELIVERED' END, 1, n, n
                      FROM generate_series(1, 50000) AS n
                    """,
                    """
                    INSERT INTO event (id, count, at, body)
                    SELECT n * 1024, 1, n, '[]' FROM generate_series(1, 50000) AS n
                    """,
                    "ANALYZE");

    private final PostgresFixture fixture = new PostgresFixture();
    private Connection connection;

    /// Plans of statements whose parameters have no values can be asked for in simple mode only.
    @BeforeAll
    void fill() throws SQLException {
        var settings = fixture.settings();
        var mode = settings.url().contains("?") ? "&" : "?";
        connection =
                DriverManager.getConnection(
                        settings.url() + mode + "preferQueryMode=simple", settings.user(), "");
        try (var statement = connection.createStatement()) {
            for (var rows : ROWS) {
                statement.execute(rows);
            }
        }
    }

    @AfterAll
    void close() throws SQLException {
        connection.close();
        fixture.close();
    }

    @ParameterizedTest
    @MethodSource("carillon.store.HotStatements#all")
    void no_hot_statement_reads_a_whole_table(String index, String statement) throws SQLException {
        if (index.contains("VIRTUAL TABLE")) {
            return; // SQLite's own way to search.
        }

        assertThat(plan(statement)).noneMatch(step -> READS_ALL.matcher(step).find());
    }

    @Test
    void the_newest_runs_are_read_without_sorting() throws SQLException {
        for (var ofTask : List.of(true, false)) {
            assertThat(plan(RunFilter.list(HotStatements.query(ofTask, Set.of()))))
                    .noneMatch(step -> step.contains("Sort"));
        }
    }

    private List<String> plan(String statement) throws SQLException {
        var names = new ArrayList<String>();
        var text =
                PARAMETER
                        .matcher(Dialect.POSTGRESQL.text(statement))
                        .replaceAll(found -> parameter(names, found.group(1)));
        try (var asked = connection.createStatement();
                var row = asked.executeQuery("EXPLAIN (GENERIC_PLAN) " + text)) {
            var steps = Stream.<String>builder();
            while (row.next()) {
                steps.add(row.getString(1));
            }
            return steps.build().toList();
        }
    }

    private static String parameter(List<String> names, String name) {
        if (!names.contains(name)) {
            names.add(name);
        }
        int number = names.indexOf(name) + 1;
        return NUMBERS.contains(name) ? "CAST(\\$" + number + " AS bigint)" : "\\$" + number;
    }
}
