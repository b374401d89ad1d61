package carillon.store;

import carillon.cluster.Bulletin;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.TemplateEngine;

/// Where statements run. `doing` completes the sentence "could not …" of a failure.
///
/// Work may be run again when the database asks for it, so it changes nothing but the database.
interface Database extends AutoCloseable {
    Dialect dialect();

    /// Tells the nodes that share the database something, and hears what they tell.
    Bulletin openBulletin();

    /// How many connections are open.
    int connections();

    /// Runs work that only reads; it sees what is committed.
    <T> T read(String doing, Function<Session, T> work);

    /// Runs work in one transaction, which is durable when this returns. A failure undoes the work.
    <T> T write(String doing, Function<Transaction, T> work);

    /// Runs work that deletes what nobody wants any more, in a transaction of its own, which holds
    /// up others as little as can be: it is not waited for until it is durable, since what a crash
    /// brings back is forgotten again. So it must bring about no event. Where a reserve is kept for
    /// it, on a full disk too.
    <T> T forget(String doing, Function<Transaction, T> work);

    /// Ends transactions that a stopped node has left open. To be called about once a second.
    default void endStuck() {}

    WriteFigures figures();

    @Override
    void close();

    /// Jdbi as we use it: texts are final, nothing in them is a template.
    static Jdbi plain(Jdbi jdbi) {
        jdbi.getConfig(SqlStatements.class).setTemplateEngine(TemplateEngine.NOP);
        return jdbi;
    }

    /// A handle for a connection that one thread at a time has, with its statements kept.
    static Handle keeping(Connection connection) {
        var jdbi = plain(Jdbi.create(connection));
        jdbi.setStatementBuilderFactory(_ -> new KeptStatements());
        return jdbi.open();
    }

    /// Ours for a failure of the database; any other is passed on as it is.
    static Throwable failure(String doing, Throwable failure) {
        if (failure instanceof SQLException broken) {
            return failure(doing, broken);
        }
        return failure instanceof JdbiException wrapped ? failure(doing, wrapped) : failure;
    }

    static StoreException failure(String doing, JdbiException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException broken) {
                return failure(doing, broken);
            }
        }
        return new StoreException("could not " + doing, failure);
    }

    static StoreException failure(String doing, SQLException broken) {
        var message = "could not " + doing + ": " + broken.getMessage();
        return isFull(broken)
                ? new StoreFullException(message, broken)
                : new StoreException(message, broken);
    }

    private static boolean isFull(SQLException broken) {
        if (broken instanceof org.sqlite.SQLiteException sqlite) {
            return switch (sqlite.getResultCode()) {
                case SQLITE_FULL,
                        SQLITE_IOERR,
                        SQLITE_IOERR_WRITE,
                        SQLITE_IOERR_FSYNC,
                        SQLITE_IOERR_TRUNCATE,
                        SQLITE_IOERR_SHMSIZE ->
                        true;
                case null, default -> false;
            };
        }
        return "53100".equals(broken.getSQLState()); // disk_full of PostgreSQL.
    }
}
