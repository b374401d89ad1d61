package carillon.store;

import java.sql.SQLException;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.migration.Context;
import org.flywaydb.core.api.migration.JavaMigration;
import org.jspecify.annotations.Nullable;

/// Adds a column to a table. In Java, since SQLite cannot add a column only where it is missing,
/// and an interrupted step is taken again.
record AddedColumn(String version, String description, String table, String column, String type)
        implements JavaMigration {
    /// How many attempt numbers were handed out and not used: the run was postponed or given back
    /// before its attempt had done anything. `max_attempts` grows with it.
    static final AddedColumn UNUSED_ATTEMPTS =
            new AddedColumn("12", "unused attempts", "run", "unused", "integer NOT NULL DEFAULT 0");

    /// The step of a workflow whose run it is.
    static final AddedColumn STEP = new AddedColumn("27", "steps", "run", "step", "text");

    /// By how many milliseconds a node's clock was ahead of that by which leases are judged.
    static final AddedColumn CLOCK_AHEAD =
            new AddedColumn("38", "clocks of nodes", "node", "ahead", "bigint NOT NULL DEFAULT 0");

    @Override
    public MigrationVersion getVersion() {
        return MigrationVersion.fromVersion(version);
    }

    @Override
    public String getDescription() {
        return description;
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
                                .getColumns(null, connection.getSchema(), table, column);
                var statement = connection.createStatement()) {
            if (!columns.next()) {
                statement.execute("ALTER TABLE " + table + " ADD COLUMN " + column + " " + type);
            }
        }
    }
}
