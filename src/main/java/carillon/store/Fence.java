package carillon.store;

import carillon.cluster.Holder;
import carillon.run.Lease;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jdbi.v3.core.statement.SqlStatement;

/// What a write on behalf of a lease must find unchanged in the run's row.
record Fence(long run, int attempt, Holder holder) {
    static Fence of(Lease lease) {
        return new Fence(lease.run().id().value(), lease.run().attempt(), lease.holder());
    }

    static Fence map(ResultSet row) throws SQLException {
        return new Fence(
                row.getLong("id"),
                row.getInt("attempt"),
                new Holder(row.getString("node"), row.getLong("epoch")));
    }

    /// Binds `id`, `attempt`, `node` and `epoch`.
    static <S extends SqlStatement<S>> S bind(S statement, Lease lease) {
        return statement
                .bind("id", lease.run().id().value())
                .bind("attempt", lease.run().attempt())
                .bind("node", lease.holder().node())
                .bind("epoch", lease.holder().epoch());
    }
}
