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

    /// A node that is stopped as a whole in the middle of a transaction keeps its rows locked; the
    /// database ends it well before the node's lease is over.
    private static final String LET_GO = "SET idle_in_transaction_session_timeout = '5s'";

    /// A database that has gone without a word is given up, and asked anew.
    private static final String SILENCE_SECONDS = "30";

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
        var config = config(settings);
        config.setMaximumPoolSize(settings.poolSize());
        config.addDataSourceProperty("socketTimeout", SILENCE_SECONDS);
        config.setConnectionInitSql(LET_GO);
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
            migrate(settings);
            return new PostgresDatabase(pool, clock);
        } catch (StoreException e) {
            pool.close();
            throw e;
        }
    }

    private static HikariConfig config(StoreSettings.Postgres settings) {
        var config = new HikariConfig();
        config.setPoolName("carillon");
        config.setJdbcUrl(settings.url());
        config.setUsername(settings.user());
        config.setPassword(settings.password());
        config.addDataSourceProperty("reWriteBatchedInserts", "true");
        config.addDataSourceProperty("ApplicationName", "carillon");
        config.addDataSourceProperty("tcpKeepAlive", "true");
        config.setConnectionTimeout(10_000);
        return config;
    }

    /// On connections without time limits: a step over a long history takes long, and a lock is
    /// held meanwhile.
    private static void migrate(StoreSettings.Postgres settings) {
        var config = config(settings);
        config.setPoolName("carillon-migrations");
        config.setMaximumPoolSize(3);
        config.setMinimumIdle(0);
        try (var unlimited = new HikariDataSource(config)) {
            Migrations.run(unlimited, Dialect.POSTGRESQL, "the PostgreSQL database");
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
