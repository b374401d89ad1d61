package carillon.store;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.Semaphore;

/// Copies what has been committed from SQLite's log into its file, beside the writer instead of
/// within its commits. Whenever it has caught up, the log begins anew; should it never catch up,
/// the writer copies the little that is left itself once the log has grown to [#MAX_PAGES].
final class WalCheckpoints implements AutoCloseable {
    private static final Logger log = System.getLogger(WalCheckpoints.class.getName());

    /// 64 MiB in pages of 4 KiB.
    static final int MAX_PAGES = 16_384;

    /// After how many changed rows, or commits, it is time to copy.
    private static final int ROWS = 4_000;

    private static final int COMMITS = 500;

    private final Connection connection;
    private final Semaphore due = new Semaphore(0);
    private final Thread thread;
    private volatile boolean closed;
    private long rowsAtLast;
    private int commitsSinceLast;

    private WalCheckpoints(Connection connection) {
        this.connection = connection;
        this.thread = Thread.ofPlatform().name("carillon-wal").daemon().unstarted(this::serve);
    }

    static WalCheckpoints start(Connection connection) {
        var checkpoints = new WalCheckpoints(connection);
        checkpoints.thread.start();
        return checkpoints;
    }

    /// Called by the writer after each commit, with the number of rows that it has ever changed.
    void committed(long rowsChanged) {
        commitsSinceLast++;
        if (rowsChanged - rowsAtLast < ROWS && commitsSinceLast < COMMITS) {
            return;
        }
        rowsAtLast = rowsChanged;
        commitsSinceLast = 0;
        if (due.availablePermits() == 0) {
            due.release();
        }
    }

    private void serve() {
        while (!closed) {
            due.acquireUninterruptibly();
            if (!closed) {
                copy();
            }
        }
    }

    /// PASSIVE waits for nobody and makes nobody wait.
    private void copy() {
        try (var statement = connection.createStatement()) {
            statement.execute("PRAGMA wal_checkpoint(PASSIVE)");
        } catch (SQLException e) {
            log.log(Level.WARNING, "could not copy the log into the database; trying again", e);
        }
    }

    @Override
    public void close() {
        closed = true;
        due.release();
        try {
            thread.join();
            connection.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException("interrupted while closing the store", e);
        } catch (SQLException e) {
            throw Database.failure("close the database", e);
        }
    }
}
