package carillon.store;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;

/// A new database in the PostgreSQL server that all tests of this process share; the server ends
/// with the process.
final class PostgresFixture implements Fixture {
    private static final AtomicInteger DATABASES = new AtomicInteger();

    private final Time time = new Time();
    private final StoreSettings.Postgres settings;
    private final Stores stores;

    private static final class Server {
        private static final EmbeddedPostgres RUNNING = start();

        private static EmbeddedPostgres start() {
            try {
                return EmbeddedPostgres.builder().setServerConfig("fsync", "off").start();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    PostgresFixture() {
        var name = "carillon" + DATABASES.incrementAndGet();
        try (var connection = Server.RUNNING.getPostgresDatabase().getConnection();
                var statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + name);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        var url = Server.RUNNING.getJdbcUrl("postgres", name);
        settings = new StoreSettings.Postgres(url, "postgres", "", 8);
        stores = Stores.open(settings, Some.CODEC, time);
    }

    /// The same database, as another node sees it.
    Stores openAgain() {
        return Stores.open(settings, Some.CODEC, time);
    }

    StoreSettings.Postgres settings() {
        return settings;
    }

    @Override
    public Stores stores() {
        return stores;
    }

    @Override
    public Time time() {
        return time;
    }

    @Override
    public void close() {
        stores.close();
    }
}
