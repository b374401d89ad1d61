package carillon.store;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.ServerSocket;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

/// A PostgreSQL that is away, or to which nothing comes through.
final class PostgresCutTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration PATIENCE = Duration.ofMillis(500);
    private static final Duration PERIOD = Duration.ofMillis(100);

    private final StoreSettings.Postgres settings = TestPostgres.newDatabase();

    private PatientSource source(int port, Duration patience) {
        var properties = new Properties();
        properties.setProperty("user", settings.user());
        properties.setProperty("password", settings.password());
        var url = settings.url().replaceFirst(":\\d+/", ":" + port + "/");
        return new PatientSource(url, properties, patience);
    }

    private int server() {
        return Integer.parseInt(settings.url().replaceFirst(".*:(\\d+)/.*", "$1"));
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static boolean ask(Connection connection, String statement) {
        try (var question = connection.createStatement()) {
            return question.execute(statement);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void whoever_wants_a_connection_has_one_when_the_database_is_back() throws Exception {
        int port = freePort();
        var source = source(port, LONG);
        source.setPatient(true);
        var wanted =
                CompletableFuture.supplyAsync(
                        () -> {
                            try (var connection = source.getConnection()) {
                                return ask(connection, "SELECT 1");
                            } catch (SQLException e) {
                                throw new IllegalStateException(e);
                            }
                        });
        SECONDS.sleep(1);
        assertThat(wanted).isNotDone();
        try (var _ = Relay.to(server(), port)) {
            assertThat(wanted.get(LONG.toSeconds() / 2, SECONDS)).isTrue();
        }
    }

    @Test
    void at_a_start_or_with_a_wrong_name_nobody_waits() throws Exception {
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() -> source(freePort(), LONG).getConnection());
        var url = settings.url().replaceFirst("/carillon\\d+", "/nosuch");
        var source = new PatientSource(url, new Properties(), LONG);
        source.setPatient(true);
        assertThatExceptionOfType(SQLException.class).isThrownBy(source::getConnection);
    }

    @Test
    void a_call_whose_answer_cannot_come_is_ended() throws Exception {
        try (var relay = Relay.to(server(), 0);
                var calls = new HangingCalls(source(server(), LONG), PATIENCE, PERIOD);
                var connection = source(relay.port(), LONG).getConnection()) {
            calls.start();
            assertThat(ask(connection, "SELECT 1")).isTrue();
            relay.cut();
            var asked =
                    CompletableFuture.supplyAsync(
                            () -> {
                                try (var _ = calls.begin(connection)) {
                                    return ask(connection, "SELECT 2");
                                }
                            });
            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(() -> asked.get(LONG.toSeconds(), SECONDS));
            assertThat(connection.isClosed()).isTrue();
        }
    }

    @Test
    void a_call_that_takes_long_is_left_alone() throws Exception {
        try (var calls = new HangingCalls(source(server(), LONG), PATIENCE, PERIOD);
                var connection = DriverManager.getConnection(settings.url(), "postgres", "")) {
            calls.start();
            try (var _ = calls.begin(connection)) {
                assertThat(ask(connection, "SELECT pg_sleep(2)")).isTrue();
            }
        }
    }
}
