package carillon.store;

import carillon.audit.Actor;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Set;
import java.util.function.Function;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;

/// PostgreSQL: each write is a transaction on a connection of the pool.
final class PostgresDatabase implements Database {
    /// Serialization failure and deadlock: the same work can succeed when run again.
    private static final Set<String> WORTH_REPEATING = Set.of("40001", "40P01");

    private static final int MAX_TRIES = 5;

    private final HikariDataSource pool;
    private final Jdbi jdbi;
    private final InstantSource clock;
    private final WriteFigures figures = new WriteFigures();

    private PostgresDatabase(HikariDataSource pool, InstantSource clock) {
        this.pool = pool;
        this.clock = clock;
        this.jdbi = Database.plain(Jdbi.create(pool));
    }

    static PostgresDatabase open(StoreSettings.Postgres settings, InstantSource clock) {
        var config = new HikariConfig();
        config.setPoolName("carillon");
        config.setJdbcUrl(settings.url());
        config.setUsername(settings.user());
        config.setPassword(settings.password());
        config.setMaximumPoolSize(settings.poolSize());
        config.addDataSourceProperty("reWriteBatchedInserts", "true");
        config.addDataSourceProperty("ApplicationName", "carillon");
        config.setConnectionTimeout(10_000);
        HikariDataSource pool;
        try {
            pool = new HikariDataSource(config);
        } catch (HikariPool.PoolInitializationException e) {
            throw new StoreException(
                    "could not reach the database: "
                            + e.getMessage()
                            + ". Check --database, the user and the password, and that the server"
                            + " accepts connections",
                    e);
        }
        try {
            Migrations.run(pool, Dialect.POSTGRESQL, "the PostgreSQL database");
            return new PostgresDatabase(pool, clock);
        } catch (StoreException e) {
            pool.close();
            throw e;
        }
    }

    @Override
    public int connections() {
        return pool.getHikariPoolMXBean().getTotalConnections();
    }

    @Override
    public Dialect dialect() {
        return Dialect.POSTGRESQL;
    }

    @Override
    public <T> T read(String doing, Function<Session, T> work) {
        try (var handle = jdbi.open()) {
            return work.apply(new Session(handle, Dialect.POSTGRESQL));
        } catch (ConnectionException e) {
            throw new StoreException("could not " + doing + ": the database is unreachable", e);
        } catch (JdbiException e) {
            throw Database.failure(doing, e);
        }
    }

    @Override
    public <T> T write(String doing, Function<Transaction, T> work) {
        for (int tries = 1; ; tries++) {
            try {
                return tryToWrite(work);
            } catch (ConnectionException e) {
                throw new StoreException("could not " + doing + ": the database is unreachable", e);
            } catch (JdbiException e) {
                if (tries == MAX_TRIES || !isWorthRepeating(e)) {
                    throw Database.failure(doing, e);
                }
            }
        }
    }

    private <T> T tryToWrite(Function<Transaction, T> work) {
        long begin = System.nanoTime();
        try (var handle = jdbi.open()) {
            var transaction = new Transaction(handle, Dialect.POSTGRESQL, Actor.current());
            var answer =
                    handle.inTransaction(
                            _ -> {
                                var result = work.apply(transaction);
                                transaction.finish(clock.instant());
                                return result;
                            });
            figures.committed(1, System.nanoTime() - begin, transaction.events());
            return answer;
        }
    }

    private static boolean isWorthRepeating(JdbiException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException broken && broken.getSQLState() != null) {
                return WORTH_REPEATING.contains(broken.getSQLState());
            }
        }
        return false;
    }

    @Override
    public WriteFigures figures() {
        return figures;
    }

    @Override
    public void close() {
        pool.close();
    }
}
