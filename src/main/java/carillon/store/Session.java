package carillon.store;

import java.util.Collection;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.Update;

/// A connection while somebody has it: makes statements in the words of its database.
sealed class Session permits Transaction {
    private final Handle handle;
    private final Dialect dialect;

    Session(Handle handle, Dialect dialect) {
        this.handle = handle;
        this.dialect = dialect;
    }

    final Dialect dialect() {
        return dialect;
    }

    final Handle handle() {
        return handle;
    }

    final Query query(String statement) {
        return handle.createQuery(dialect.text(statement));
    }

    /// A query that says `IN (/* ids */)`.
    final Query query(String statement, Collection<Long> ids) {
        return query(statement).bind("ids", dialect.list(ids));
    }

    final Update update(String statement) {
        return handle.createUpdate(dialect.text(statement));
    }

    /// An update that says `IN (/* ids */)`.
    final Update update(String statement, Collection<Long> ids) {
        return update(statement).bind("ids", dialect.list(ids));
    }

    final PreparedBatch batch(String statement) {
        return handle.prepareBatch(dialect.text(statement));
    }

    /// Reads events while none with a lower number can still appear.
    final <T> T settled(Supplier<T> reading) {
        return switch (dialect) {
            case SQLITE -> reading.get();
            case POSTGRESQL ->
                    handle.inTransaction(
                            locked -> {
                                locked.execute(Dialect.SETTLE_EVENT_PAGES);
                                return reading.get();
                            });
        };
    }

    /// Reads with indexes only, where the planner could think a walk over everything cheaper.
    final <T> T withoutScans(Supplier<T> reading) {
        return switch (dialect) {
            case SQLITE -> reading.get();
            case POSTGRESQL ->
                    handle.inTransaction(
                            bounded -> {
                                bounded.execute("SET LOCAL enable_seqscan = off");
                                return reading.get();
                            });
        };
    }

    /// Runs the batch, empty or not; the answer says for each statement how many rows it changed.
    static int[] run(PreparedBatch batch) {
        return batch.size() == 0 ? new int[0] : batch.execute();
    }
}
