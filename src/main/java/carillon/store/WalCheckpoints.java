package carillon.store;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.Semaphore;

/// Copies what has been committed from SQLite's log into its file, beside the writer instead of
/// within its commits. Whenever all is copied, the log begins anew. A busy writer is always a
/// little ahead; once the log has grown long, it copies that little itself, between two
/// transactions, and at [#MAX_PAGES] within a commit.
final class WalCheckpoints implements AutoCloseable {
    private static final Logger log = System.getLogger(WalCheckpoints.class.getName());

    /// 64 MiB in pages of 4 KiB.
    static final int MAX_PAGES = 16_384;

    private static final int LONG_PAGES = MAX_PAGES / 2;

    /// After how many changed rows, or commits, it is time to copy.
    private static final int ROWS = 4_000;

    private static final int COMMITS = 500;

    private final Connection connection;
    private final Semaphore due = new Semaphore(0);
    private final Thread thread;
    private volatile boolean closed;
    private volatile boolean behind;
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
                behind = copy(connection) >= LONG_PAGES;
            }
        }
    }

    /// Called by the writer between two transactions, with its own connection: copies what is left,
    /// where the log has become long.
    void catchUp(Connection writers) {
        if (behind) {
            behind = false;
            copy(writers);
        }
    }

    /// PASSIVE waits for nobody and makes nobody wait. Returns how many pages the log has.
    private static int copy(Connection connection) {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery("PRAGMA wal_checkpoint(PASSIVE)")) {
            row.next();
            return row.getInt("log");
        } catch (SQLException e) {
            log.log(Level.WARNING, "could not copy the log into the database; trying again", e);
            return 0;
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
