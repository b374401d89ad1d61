package carillon.store;

import carillon.audit.Actor;
import carillon.cluster.Bulletin;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Properties;
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

    /// The name of the connections of the pool.
    static final String APPLICATION = "carillon";

    /// A database that has gone without a word is given up, and asked anew.
    private static final String SILENCE_SECONDS = "30";

    private static final int CONNECT_SECONDS = 10;

    /// A server that is there answers sooner; what is sent to one that has come back meanwhile can
    /// be lost, and is tried anew.
    private static final String REACH_SECONDS = "2";

    private static final Duration HANGS_AFTER = Duration.ofSeconds(3);
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final StoreSettings.Postgres settings;
    private final PatientSource source;
    private final HikariDataSource pool;
    private final Jdbi jdbi;
    private final HangingCalls calls;
    private final InstantSource clock;
    private final WriteFigures figures = new WriteFigures();
    private final StuckTransactions stuck =
            new StuckTransactions(APPLICATION, StuckTransactions.PATIENCE);

    private PostgresDatabase(
            StoreSettings.Postgres settings,
            PatientSource source,
            HikariDataSource pool,
            InstantSource clock) {
        this.settings = settings;
        this.source = source;
        this.pool = pool;
        this.clock = clock;
        this.jdbi = Database.plain(Jdbi.create(pool));
        this.calls = new HangingCalls(watch(settings), HANGS_AFTER, LOOK);
        if (settings.direct().isEmpty()) {
            calls.start(); // Through a pooler nobody knows which process has whose call.
        }
    }

    private static PatientSource watch(StoreSettings.Postgres settings) {
        var properties = properties(settings, "carillon watches");
        properties.setProperty("socketTimeout", REACH_SECONDS);
        return source(settings.url(), properties);
    }

    static PostgresDatabase open(StoreSettings.Postgres settings, InstantSource clock) {
        var properties = properties(settings, APPLICATION);
        properties.setProperty("socketTimeout", SILENCE_SECONDS);
        if (settings.direct().isPresent()) {
            // What belongs to a session is lost between two transactions.
            properties.setProperty("prepareThreshold", "0");
        }
        var source = source(settings.url(), properties);
        var config = config("carillon", source);
        config.setMaximumPoolSize(settings.poolSize());
        if (settings.direct().isEmpty()) {
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
            source.setPatient(true);
            return new PostgresDatabase(settings, source, pool, clock);
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

    private static Properties properties(StoreSettings.Postgres settings, String application) {
        var properties = new Properties();
        properties.setProperty("user", settings.user());
        properties.setProperty("password", settings.password());
        properties.setProperty("reWriteBatchedInserts", "true");
        properties.setProperty("ApplicationName", application);
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("connectTimeout", REACH_SECONDS);
        properties.setProperty("loginTimeout", Integer.toString(CONNECT_SECONDS));
        return properties;
    }

    private static PatientSource source(String url, Properties properties) {
        return new PatientSource(url, properties, Duration.ofSeconds(CONNECT_SECONDS));
    }

    private static HikariConfig config(String name, PatientSource source) {
        var config = new HikariConfig();
        config.setPoolName(name);
        config.setDataSource(source);
        config.setConnectionTimeout(CONNECT_SECONDS * 1_000L);
        return config;
    }

    /// On connections without time limits: a step over a long history takes long, and a lock is
    /// held meanwhile.
    private static void migrate(StoreSettings.Postgres settings) {
        var source = source(direct(settings), properties(settings, "carillon migrates"));
        var config = config("carillon-migrations", source);
        config.setMaximumPoolSize(3);
        config.setMinimumIdle(0);
        try (var unlimited = new HikariDataSource(config)) {
            Migrations.run(unlimited, Dialect.POSTGRESQL, "the PostgreSQL database");
        }
    }

    /// To the server itself, where the other leads through a pooler.
    private static String direct(StoreSettings.Postgres settings) {
        return settings.direct().orElse(settings.url());
    }

    @Override
    public Bulletin openBulletin() {
        var properties = properties(settings, "carillon listens");
        return new PostgresBulletin(pool, source(direct(settings), properties));
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
        try (var handle = jdbi.open();
                var _ = calls.begin(handle.getConnection())) {
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
        try (var handle = jdbi.open();
                var _ = calls.begin(handle.getConnection())) {
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
        calls.close();
        source.setPatient(false); // Else the pool would wait for whoever does.
        pool.close();
    }
}
