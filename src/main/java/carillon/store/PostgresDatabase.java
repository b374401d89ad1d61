package carillon.store;

import carillon.audit.Actor;
import carillon.cluster.Bulletin;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Set;
import java.util.function.Function;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.postgresql.ds.PGSimpleDataSource;

/// PostgreSQL: each write is a transaction on a connection of the pool.
final class PostgresDatabase implements Database {
    /// Serialization failure and deadlock: the same work can succeed when run again.
    private static final Set<String> WORTH_REPEATING = Set.of("40001", "40P01");

    private static final int MAX_TRIES = 5;

    /// A node that is stopped as a whole in the middle of a transaction keeps its rows locked; the
    /// database ends it well before the node's lease is over.
    private static final String LET_GO = "SET idle_in_transaction_session_timeout = '5s'";

    /// The name of the connections of the pool.
    static final String APPLICATION = "carillon";

    /// A database that has gone without a word is given up, and asked anew.
    private static final String SILENCE_SECONDS = "30";

    private static final int CONNECT_SECONDS = 10;

    private final StoreSettings.Postgres settings;
    private final HikariDataSource pool;
    private final Jdbi jdbi;
    private final InstantSource clock;
    private final WriteFigures figures = new WriteFigures();
    private final StuckTransactions stuck =
            new StuckTransactions(APPLICATION, StuckTransactions.PATIENCE);

    private PostgresDatabase(
            StoreSettings.Postgres settings, HikariDataSource pool, InstantSource clock) {
        this.settings = settings;
        this.pool = pool;
        this.clock = clock;
        this.jdbi = Database.plain(Jdbi.create(pool));
    }

    static PostgresDatabase open(StoreSettings.Postgres settings, InstantSource clock) {
        var config = config(settings, settings.url());
        config.setMaximumPoolSize(settings.poolSize());
        config.addDataSourceProperty("socketTimeout", SILENCE_SECONDS);
        if (settings.direct().isPresent()) {
            // What belongs to a session is lost between two transactions.
            config.addDataSourceProperty("prepareThreshold", "0");
        } else {
            config.setConnectionInitSql(LET_GO);
        }
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
            if (settings.direct().isEmpty()) {
                refusePooler(pool);
            }
            migrate(settings);
            return new PostgresDatabase(settings, pool, clock);
        } catch (StoreException e) {
            pool.close();
            throw e;
        }
    }

    /// Two connections to a server are two of its processes. Through a pooler that lends them for a
    /// transaction they can be one.
    private static void refusePooler(HikariDataSource pool) {
        try (var one = pool.getConnection();
                var other = pool.getConnection()) {
            if (process(one) == process(other)) {
                throw new StoreException(
                        "the database is reached through a pooler that lends connections for a"
                                + " transaction at a time: set database-direct to a URL of the"
                                + " server itself, which is needed for changes of tables and to"
                                + " hear of other nodes");
            }
        } catch (SQLException e) {
            throw Database.failure("look at the database", e);
        }
    }

    private static int process(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery("SELECT pg_backend_pid()")) {
            row.next();
            return row.getInt(1);
        }
    }

    private static HikariConfig config(StoreSettings.Postgres settings, String url) {
        var config = new HikariConfig();
        config.setPoolName("carillon");
        config.setJdbcUrl(url);
        config.setUsername(settings.user());
        config.setPassword(settings.password());
        config.addDataSourceProperty("reWriteBatchedInserts", "true");
        config.addDataSourceProperty("ApplicationName", APPLICATION);
        config.addDataSourceProperty("tcpKeepAlive", "true");
        config.setConnectionTimeout(CONNECT_SECONDS * 1_000L);
        return config;
    }

    /// On connections without time limits: a step over a long history takes long, and a lock is
    /// held meanwhile.
    private static void migrate(StoreSettings.Postgres settings) {
        var config = direct(settings);
        config.setPoolName("carillon-migrations");
        config.addDataSourceProperty("ApplicationName", "carillon migrates");
        config.setMaximumPoolSize(3);
        config.setMinimumIdle(0);
        try (var unlimited = new HikariDataSource(config)) {
            Migrations.run(unlimited, Dialect.POSTGRESQL, "the PostgreSQL database");
        }
    }

    private static HikariConfig direct(StoreSettings.Postgres settings) {
        return config(settings, settings.direct().orElse(settings.url()));
    }

    @Override
    public Bulletin openBulletin() {
        var url = settings.direct().orElse(settings.url());
        var direct = new PGSimpleDataSource();
        direct.setUrl(url);
        direct.setUser(settings.user());
        direct.setPassword(settings.password());
        direct.setApplicationName("carillon listens");
        direct.setTcpKeepAlive(true);
        direct.setConnectTimeout(CONNECT_SECONDS);
        return new PostgresBulletin(pool, direct);
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

    private static final String DO_NOT_WAIT = "SET LOCAL synchronous_commit = off";

    @Override
    public <T> T forget(String doing, Function<Transaction, T> work) {
        return write(
                doing,
                transaction -> {
                    transaction.update(DO_NOT_WAIT).execute();
                    return work.apply(transaction);
                });
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
    public void endStuck() {
        read(
                "look for transactions left open",
                session -> {
                    stuck.look(session);
                    return true;
                });
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
