package carillon.store;

import java.sql.SQLException;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.migration.Context;
import org.flywaydb.core.api.migration.JavaMigration;
import org.jspecify.annotations.Nullable;

/// Adds to `run` how many attempt numbers were handed out and not used: the run was postponed or
/// given back before its attempt had done anything. `max_attempts` grows with it. In Java, since
/// SQLite cannot add a column only where it is missing, and an interrupted step is taken again.
final class UnusedAttempts implements JavaMigration {
    private static final String ADD =
            "ALTER TABLE run ADD COLUMN unused integer NOT NULL DEFAULT 0";

    @Override
    public MigrationVersion getVersion() {
        return MigrationVersion.fromVersion("12");
    }

    @Override
    public String getDescription() {
        return "unused attempts";
    }

    @Override
    public @Nullable Integer getChecksum() {
        return null;
    }

    @Override
    public boolean canExecuteInTransaction() {
        return true;
    }

    @Override
    public void migrate(Context context) throws SQLException {
        var connection = context.getConnection();
        try (var columns =
                        connection
                                .getMetaData()
                                .getColumns(null, connection.getSchema(), "run", "unused");
                var statement = connection.createStatement()) {
            if (!columns.next()) {
                statement.execute(ADD);
            }
        }
    }
}
