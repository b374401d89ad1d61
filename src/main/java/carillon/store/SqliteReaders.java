package carillon.store;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;
import org.sqlite.SQLiteDataSource;

/// A few connections that read, each for one caller at a time, with their statements kept.
final class SqliteReaders implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 30;

    private final List<Handle> all;
    private final BlockingQueue<Handle> idle;
    private volatile boolean closed;

    private SqliteReaders(List<Handle> all) {
        this.all = all;
        this.idle = new ArrayBlockingQueue<>(all.size(), false, all);
    }

    static SqliteReaders open(SQLiteDataSource source, int count) throws SQLException {
        var handles = new ArrayList<Handle>();
        try {
            for (int i = 0; i < count; i++) {
                handles.add(Database.keeping(source.getConnection()));
            }
        } catch (SQLException e) {
            handles.forEach(SqliteReaders::close);
            throw e;
        }
        return new SqliteReaders(handles);
    }

    /// Throws [StoreException] when no connection becomes free for half a minute.
    <T> T read(String doing, Function<Session, T> work) {
        var handle = take(doing);
        try {
            return work.apply(new Session(handle, Dialect.SQLITE));
        } catch (JdbiException e) {
            throw Database.failure(doing, e);
        } finally {
            idle.add(handle);
        }
    }

    private Handle take(String doing) {
        try {
            var handle = closed ? null : idle.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (handle == null) {
                var why = closed ? "the store is closed" : "too many others are reading";
                throw new StoreException("could not " + doing + ": " + why);
            }
            return handle;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException("could not " + doing + ": interrupted", e);
        }
    }

    /// Waits for those who are reading.
    int size() {
        return all.size();
    }

    @Override
    public void close() {
        closed = true;
        try {
            for (var _ : all) {
                idle.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        all.forEach(SqliteReaders::close);
    }

    private static void close(Handle handle) {
        try {
            handle.getConnection().close();
        } catch (SQLException e) {
            throw Database.failure("close the database", e);
        }
    }
}
