package carillon.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jdbi.v3.core.statement.DefaultStatementBuilder;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/// The statements of one connection to SQLite, which are compiled when they are first needed and
/// kept for the next time: compiling costs more than most of them do. Used by one thread at a time.
final class KeptStatements extends DefaultStatementBuilder {
    private static final int MAX_KEPT = 300;

    /// Those that nobody uses at the moment, by their text as it was written, which [#close] gets
    /// too; the one used longest ago is first.
    private final Map<String, PreparedStatement> idle = new LinkedHashMap<>(64, 0.75f, true);

    @Override
    public PreparedStatement create(Connection connection, String sql, StatementContext context)
            throws SQLException {
        @Nullable PreparedStatement kept = idle.remove(context.getRawSql());
        return kept == null ? super.create(connection, sql, context) : kept;
    }

    @Override
    public void close(Connection connection, String sql, Statement statement) throws SQLException {
        if (!(statement instanceof PreparedStatement prepared) || statement.isClosed()) {
            super.close(connection, sql, statement);
            return;
        }
        prepared.clearBatch();
        prepared.clearParameters();
        @Nullable PreparedStatement other = idle.put(sql, prepared);
        if (other != null) {
            other.close(); // The same text was in use twice at once.
        }
        if (idle.size() > MAX_KEPT) {
            var oldest = idle.entrySet().iterator();
            oldest.next().getValue().close();
            oldest.remove();
        }
    }
}
