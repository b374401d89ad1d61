package carillon.store;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/// Connections to a PostgreSQL that can be away for a while. Whoever wants one meanwhile waits, and
/// has it soon after the database is back: a pool left to itself tries ever more rarely and comes
/// up to five seconds late, which is half of a node's lease.
final class PatientSource implements DataSource {
    private static final Duration BETWEEN_TRIES = Duration.ofMillis(200);

    /// SQL's class for connections that are lost or refused.
    private static final String LOST = "08";

    /// PostgreSQL's, for a server that is starting or stopping.
    private static final String NOT_NOW = "57P";

    private final String url;
    private final Properties properties;
    private final Duration patience;
    private volatile boolean patient;

    /// What the URL says takes precedence over `properties`. A connection is tried for once, until
    /// [#setPatient(boolean)] says otherwise, and then for as long as `patience`.
    PatientSource(String url, Properties properties, Duration patience) {
        this.url = url;
        this.properties = properties;
        this.patience = patience;
    }

    /// Whether to wait for a database that is away.
    void setPatient(boolean patient) {
        this.patient = patient;
    }

    @Override
    public Connection getConnection() throws SQLException {
        long begin = System.nanoTime();
        while (true) {
            try {
                return DriverManager.getConnection(url, properties);
            } catch (SQLException e) {
                boolean isOver = System.nanoTime() - begin > patience.toNanos();
                if (!patient || isOver || !isAway(e)) {
                    throw e;
                }
                pause(e);
            }
        }
    }

    private static boolean isAway(SQLException failure) {
        @Nullable String state = failure.getSQLState();
        return state != null && (state.startsWith(LOST) || state.startsWith(NOT_NOW));
    }

    private static void pause(SQLException failure) throws SQLException {
        try {
            TimeUnit.MILLISECONDS.sleep(BETWEEN_TRIES.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failure;
        }
    }

    /// User and password are among the properties.
    @Override
    public Connection getConnection(@Nullable String user, @Nullable String password)
            throws SQLException {
        return getConnection();
    }

    @Override
    public @Nullable PrintWriter getLogWriter() {
        return null;
    }

    @Override
    public void setLogWriter(PrintWriter writer) {}

    /// It is among the properties.
    @Override
    public void setLoginTimeout(int seconds) {}

    @Override
    public int getLoginTimeout() {
        return 0;
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        throw new SQLFeatureNotSupportedException();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        throw new SQLException("this wraps nothing");
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
        return false;
    }
}
