package carillon.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Statements that run often, or over much history, find their rows by an index.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SqliteIndexTest {
    private final SqliteFixture fixture = new SqliteFixture();

    @AfterAll
    void close() {
        fixture.close();
    }

    @ParameterizedTest
    @MethodSource("carillon.store.HotStatements#all")
    void the_statement_uses_its_index(String index, String statement) {
        var plan = plan(statement);

        assertThat(plan).anyMatch(step -> step.contains(index));
        assertThat(plan)
                .noneMatch(
                        step ->
                                step.matches(
                                        "SCAN (run|task|task_listing|attempt|output|delivery"
                                                + "|response)( AS \\w+)?"));
    }

    @Test
    void the_newest_runs_are_read_without_sorting() {
        var plans =
                Stream.of(
                                RunFilter.list(HotStatements.query(true, Set.of())),
                                RunFilter.list(HotStatements.query(false, Set.of())))
                        .flatMap(statement -> plan(statement).stream());

        assertThat(plans).noneMatch(step -> step.contains("TEMP B-TREE"));
    }

    @Test
    void the_newest_responses_are_read_and_found_without_sorting() {
        var query = HotStatements.said(true, "");
        var plans =
                Stream.of(ResponseFilter.list(query), ResponseFilter.foundBySqlite(query))
                        .flatMap(statement -> plan(statement).stream());

        assertThat(plans).noneMatch(step -> step.contains("TEMP B-TREE"));
    }

    private List<String> plan(String statement) {
        var text = Dialect.SQLITE.text(statement).replace(":ids", "'[1]'").replaceAll(":\\w+", "1");
        return fixture.stores()
                .database()
                .read(
                        "explain",
                        session ->
                                session.query("EXPLAIN QUERY PLAN " + text)
                                        .map((row, _) -> row.getString("detail"))
                                        .list());
    }
}
