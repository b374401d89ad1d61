package carillon.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Properties;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/// A transaction that its node has left open, seen from another node.
final class PostgresStuckTransactionsTest {
    private final StoreSettings.Postgres settings = TestPostgres.newDatabase();

    /// Names itself as a node does, and has no limit for idle transactions: to PostgreSQL one that
    /// waits for the rest of a batch is none.
    private Connection open(String application) throws SQLException {
        var properties = new Properties();
        properties.setProperty("user", settings.user());
        properties.setProperty("password", settings.password());
        properties.setProperty("ApplicationName", application);
        var connection = DriverManager.getConnection(settings.url(), properties);
        connection.setAutoCommit(false);
        return connection;
    }

    private static void lockTheCluster(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("UPDATE id_block SET next_epoch = next_epoch WHERE one = 1");
        }
    }

    private static boolean isOpen(Connection connection) {
        try (var statement = connection.createStatement()) {
            return statement.execute("SELECT 1");
        } catch (SQLException e) {
            return false;
        }
    }

    @Test
    void one_that_waits_for_its_node_too_long_is_ended_and_its_locks_with_it() throws Exception {
        try (var stores = Stores.open(settings, Some.CODEC, Some.LISTS, InstantSource.system());
                var stuck = open(PostgresDatabase.APPLICATION);
                var others = open("another program")) {
            lockTheCluster(stuck);
            others.createStatement().execute("SELECT 1");
            var looks = new StuckTransactions(PostgresDatabase.APPLICATION, Duration.ofMillis(200));
            Awaitility.await()
                    .until(
                            () -> {
                                look(stores, looks);
                                return isFree(stores);
                            });
            assertThat(isOpen(stuck)).isFalse();
            assertThat(isOpen(others)).isTrue();
        }
    }

    @Test
    void one_that_works_or_has_just_begun_is_left_alone() throws Exception {
        try (var stores = Stores.open(settings, Some.CODEC, Some.LISTS, InstantSource.system());
                var busy = open(PostgresDatabase.APPLICATION)) {
            var looks = new StuckTransactions(PostgresDatabase.APPLICATION, Duration.ofSeconds(30));
            lockTheCluster(busy);
            for (int i = 0; i < 5; i++) {
                look(stores, looks);
            }
            assertThat(isOpen(busy)).isTrue();
        }
    }

    private static void look(Stores stores, StuckTransactions looks) {
        stores.database()
                .read(
                        "look",
                        session -> {
                            looks.look(session);
                            return true;
                        });
    }

    /// Whether the row that the stuck one has changed can be had.
    private static boolean isFree(Stores stores) {
        return stores.database()
                .write(
                        "look for the row",
                        transaction ->
                                !transaction
                                        .query("SELECT one FROM id_block FOR UPDATE SKIP LOCKED")
                                        .mapTo(Integer.class)
                                        .list()
                                        .isEmpty());
    }
}
