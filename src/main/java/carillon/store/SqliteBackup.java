package carillon.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteDataSource;

/// Copies of a SQLite database, as it stood at one moment, and the way back. A file is whole and on
/// disk before it gets its name.
public final class SqliteBackup {
    private static final String DATABASE = "carillon.db";
    private static final List<String> COMPANIONS = List.of("", "-wal", "-shm", "-journal");
    private static final int PATIENCE_MS = 10_000;
    private static final int WHOLE = -1;
    private static final int DONE = 0;

    private SqliteBackup() {}

    /// Copies the database of the data folder into `target`, in one step, while servers may write.
    /// Throws [StoreException] when there is none, when the copy is not whole, or when `target` is
    /// there and `replace` is not said.
    public static void backup(Path folder, Path target, boolean replace) {
        var part = target.resolveSibling(target.getFileName() + ".part");
        refuseIfThere(target, replace);
        try {
            try {
                copy(folder.resolve(DATABASE), part);
                settle(part);
                refuseIfThere(target, replace);
                publish(part, target);
            } finally {
                delete(part);
            }
        } catch (IOException | SQLException e) {
            throw new StoreException("could not back up to " + target + ": " + reason(e), e);
        }
    }

    /// Makes the backup the database of the data folder, brought up to date and held since `now`. A
    /// database that is there is set aside as `carillon.db.replaced` when `replace` is said. Throws
    /// [StoreException] when the backup is not whole or not ours, when a server uses the folder, or
    /// when there is a database and `replace` is not said.
    public static void restore(Path backup, Path folder, boolean replace, Instant now) {
        var target = folder.resolve(DATABASE);
        var part = folder.resolve(DATABASE + ".part");
        try {
            Files.createDirectories(folder);
            try (var _ = DirectoryLock.take(folder)) {
                for (var name : COMPANIONS) {
                    refuseIfThere(folder.resolve(DATABASE + name), replace);
                }
                copy(backup, part);
                settle(part); // Before anything is changed in it.
                hold(part, now, "restored from " + backup.getFileName());
                settle(part);
                setAside(folder);
                publish(part, target);
            } finally {
                delete(part);
            }
        } catch (IOException | SQLException e) {
            throw new StoreException("could not restore " + backup + ": " + reason(e), e);
        }
    }

    private static String reason(Exception e) {
        return e.getClass().getSimpleName() + ": " + e.getMessage();
    }

    private static void refuseIfThere(Path file, boolean replace) {
        if (!replace && Files.exists(file)) {
            throw new StoreException(file + " is there already: --replace replaces it");
        }
    }

    private static void copy(Path from, Path to) throws IOException, SQLException {
        if (!Files.isRegularFile(from)) {
            throw new StoreException("there is no database " + from);
        }
        delete(to);
        var mine = PosixFilePermissions.fromString("rw-------");
        Files.createFile(to, PosixFilePermissions.asFileAttribute(mine));
        try (var connection = open(from)) {
            if (number(connection, "PRAGMA application_id") != SqliteDatabase.APPLICATION) {
                throw new StoreException(from + " is no database of Carillon");
            }
            var database = connection.unwrap(SQLiteConnection.class).getDatabase();
            int code = database.backup("main", to.toString(), (_, _) -> {}, 0, 0, WHOLE);
            if (code != DONE) {
                throw new StoreException(from + " could not be copied: SQLite answers " + code);
            }
        }
    }

    private static Connection open(Path file) throws SQLException {
        var config = new SQLiteConfig();
        config.setBusyTimeout(PATIENCE_MS);
        return source(config, file).getConnection();
    }

    private static SQLiteDataSource source(SQLiteConfig config, Path file) {
        var source = new SQLiteDataSource(config);
        source.setUrl("jdbc:sqlite:" + file);
        return source;
    }

    /// Makes it one file without a log beside it, and looks whether it is whole.
    private static void settle(Path file) throws SQLException {
        try (var connection = open(file);
                var statement = connection.createStatement()) {
            statement.execute("PRAGMA journal_mode = DELETE");
            try (var row = statement.executeQuery("PRAGMA integrity_check(1)")) {
                if (!row.next() || !"ok".equals(row.getString(1))) {
                    throw new StoreException("the copy is damaged: " + row.getString(1));
                }
            }
        }
    }

    private static void hold(Path file, Instant now, String reason) throws SQLException {
        Migrations.run(source(new SQLiteConfig(), file), Dialect.SQLITE, file.toString());
        try (var connection = open(file);
                var insert =
                        connection.prepareStatement(
                                "INSERT OR REPLACE INTO hold (one, since, reason)"
                                        + " VALUES (1, ?, ?)")) {
            insert.setLong(1, now.toEpochMilli());
            insert.setString(2, reason);
            insert.executeUpdate();
        }
    }

    private static long number(Connection connection, String question) throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery(question)) {
            row.next();
            return row.getLong(1);
        }
    }

    private static void setAside(Path folder) throws IOException {
        for (var name : COMPANIONS) {
            var old = folder.resolve(DATABASE + name);
            var aside = folder.resolve(DATABASE + ".replaced" + name);
            Files.deleteIfExists(aside); // Of an earlier restore.
            if (Files.exists(old)) {
                Files.move(old, aside, StandardCopyOption.ATOMIC_MOVE);
            }
        }
    }

    /// On disk first, then by its name.
    private static void publish(Path part, Path target) throws IOException {
        try (var channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
        try (var folder = FileChannel.open(target.toAbsolutePath().getParent())) {
            folder.force(true);
        }
    }

    private static void delete(Path part) throws IOException {
        for (var name : COMPANIONS) {
            Files.deleteIfExists(part.resolveSibling(part.getFileName() + name));
        }
    }
}
