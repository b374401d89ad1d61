package carillon.store;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;

/// Brings the tables to the form that this program knows. An interrupted migration is run again by
/// the next start; tables from a newer program are left alone.
final class Migrations {
    private Migrations() {}

    static void run(DataSource dataSource, Dialect dialect, String where) {
        var flyway =
                Flyway.configure()
                        .dataSource(dataSource)
                        .locations("classpath:db/common", "classpath:db/" + folder(dialect))
                        .placeholders(
                                Map.of("long", longType(dialect), "clustered", clustered(dialect)))
                        .javaMigrations(
                                AddedColumn.UNUSED_ATTEMPTS,
                                AddedColumn.STEP,
                                AddedColumn.CLOCK_AHEAD)
                        .loggers("slf4j")
                        .load();
        try {
            var newest = Arrays.stream(flyway.info().applied()).filter(Migrations::isUnknown);
            newest.reduce((_, last) -> last).ifPresent(step -> refuse(step, where));
            flyway.migrate();
        } catch (FlywayException e) {
            throw new StoreException(
                    "could not bring the tables of "
                            + where
                            + " up to date: "
                            + firstLine(e)
                            + ". If the database is damaged or is not Carillon's, restore a backup"
                            + " or name another one",
                    e);
        }
    }

    private static String firstLine(FlywayException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("no reason given");
    }

    private static boolean isUnknown(MigrationInfo step) {
        return step.getState().isApplied() && !step.getState().isResolved();
    }

    private static void refuse(MigrationInfo step, String where) {
        throw new StoreException(
                where
                        + " was written by a newer Carillon (tables of version "
                        + step.getVersion()
                        + "): start that one or a newer one, or restore a backup from before");
    }

    private static String folder(Dialect dialect) {
        return dialect.name().toLowerCase(Locale.ROOT);
    }

    /// In SQLite only a column declared `integer` can be the key by which rows are stored.
    private static String longType(Dialect dialect) {
        return switch (dialect) {
            case SQLITE -> "integer";
            case POSTGRESQL -> "bigint";
        };
    }

    /// Rows kept in their key's index. PostgreSQL has no such tables.
    private static String clustered(Dialect dialect) {
        return switch (dialect) {
            case SQLITE -> "WITHOUT ROWID";
            case POSTGRESQL -> "";
        };
    }
}
