package carillon.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class KeptStatementsTest {
    private static final String ONE = "SELECT :one + 1";

    private final List<String> compiled = new ArrayList<>();
    private final Handle handle;

    KeptStatementsTest() throws SQLException {
        handle = Database.keeping(counting(DriverManager.getConnection("jdbc:sqlite::memory:")));
        handle.execute("CREATE TABLE number (value integer PRIMARY KEY)");
        compiled.clear();
    }

    /// The connection, which notes each statement that it compiles.
    private Connection counting(Connection connection) {
        return (Connection)
                Proxy.newProxyInstance(
                        getClass().getClassLoader(),
                        new Class<?>[] {Connection.class},
                        (_, method, arguments) -> {
                            if (method.getName().equals("prepareStatement")) {
                                compiled.add((String) arguments[0]);
                            }
                            try {
                                return method.invoke(connection, arguments);
                            } catch (InvocationTargetException e) {
                                throw e.getCause();
                            }
                        });
    }

    @AfterEach
    void close() {
        handle.close();
    }

    @Test
    void a_statement_is_compiled_once_and_keeps_no_values() {
        assertThat(increment(1)).isEqualTo(2);
        assertThat(increment(2)).isEqualTo(3);

        assertThat(compiled).containsExactly("SELECT ? + 1");
    }

    @Test
    void a_statement_that_is_in_use_is_compiled_once_more() {
        var sums =
                handle.createQuery("SELECT :one + 1 UNION ALL SELECT 7")
                        .bind("one", 1)
                        .map((row, _) -> row.getInt(1) + nested())
                        .list();

        assertThat(sums).containsExactly(2 + 8, 7 + 8);
        assertThat(compiled).hasSize(2);
    }

    private int nested() {
        return handle
                .createQuery("SELECT :one + 1 UNION ALL SELECT 7")
                .bind("one", 0)
                .mapTo(Integer.class)
                .list()
                .stream()
                .mapToInt(Integer::intValue)
                .sum();
    }

    @Test
    void batches_and_failures_leave_a_statement_as_it_was() {
        insert(1, 2);
        assertThatThrownBy(() -> insert(3, 2)).isInstanceOf(JdbiException.class);
        insert(4);

        assertThat(handle.createQuery("SELECT value FROM number").mapTo(Integer.class).list())
                .contains(1, 2, 4);
        assertThat(compiled).hasSize(2);
    }

    @Test
    void a_query_that_is_left_early_holds_nothing_open() {
        insert(1, 2, 3);
        try (var rows =
                handle.createQuery("SELECT value FROM number").mapTo(Integer.class).stream()) {
            assertThat(rows.findFirst()).hasValue(1);
        }

        handle.execute("DROP TABLE number"); // SQLite refuses this while somebody reads.
    }

    @Test
    void those_that_were_used_longest_ago_are_let_go() {
        IntStream.range(0, 400).forEach(i -> handle.execute("SELECT " + i));
        handle.execute("SELECT 399");
        assertThat(compiled).hasSize(400);

        handle.execute("SELECT 0");
        assertThat(compiled).hasSize(401);
    }

    private int increment(int one) {
        return handle.createQuery(ONE).bind("one", one).mapTo(Integer.class).one();
    }

    private void insert(int... values) {
        var batch = handle.prepareBatch("INSERT INTO number (value) VALUES (:value)");
        IntStream.of(values).forEach(value -> batch.bind("value", value).add());
        batch.execute();
    }
}
