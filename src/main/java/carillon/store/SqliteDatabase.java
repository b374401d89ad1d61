package carillon.store;

import carillon.cluster.Bulletin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.function.Function;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteException;

/// SQLite: one file, one writer, and a few readers that see what has been committed.
final class SqliteDatabase implements Database {
    private static final int READERS = 4;
    private static final int PATIENCE_MS = 10_000;

    /// "Cari", as SQLite's application id: tells our files from those of others.
    static final int APPLICATION = 0x43617269;

    private final DirectoryLock lock;
    private final SqliteReaders readers;
    private final GroupCommit writer;
    private final WalCheckpoints checkpoints;

    private SqliteDatabase(
            DirectoryLock lock,
            SqliteReaders readers,
            GroupCommit writer,
            WalCheckpoints checkpoints) {
        this.lock = lock;
        this.readers = readers;
        this.writer = writer;
        this.checkpoints = checkpoints;
    }

    static SqliteDatabase open(StoreSettings.Sqlite settings, InstantSource clock) {
        var directory = settings.directory();
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new StoreException("could not make the data directory " + directory, e);
        }
        var lock = DirectoryLock.take(directory);
        try {
            var reserve = Reserve.take(directory, settings.reserve());
            return open(lock, directory.resolve("carillon.db"), reserve, clock);
        } catch (RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private static SqliteDatabase open(
            DirectoryLock lock, Path file, Reserve reserve, InstantSource clock) {
        var source = new SQLiteDataSource(config());
        source.setUrl("jdbc:sqlite:" + file);
        try {
            try (var connection = source.getConnection()) {
                claim(connection, file);
            }
            Migrations.run(source, Dialect.SQLITE, file.toString());
            var checkpoints = WalCheckpoints.start(source.getConnection());
            var means = new GroupCommit.Means(checkpoints, reserve, clock);
            var writer = GroupCommit.start(source.getConnection(), means);
            return new SqliteDatabase(lock, readers(file), writer, checkpoints);
        } catch (SQLException e) {
            throw unusable(file, e);
        }
    }

    private static SQLiteConfig config() {
        var config = new SQLiteConfig();
        config.setJournalMode(JournalMode.WAL);
        config.setSynchronous(SynchronousMode.FULL);
        config.setBusyTimeout(PATIENCE_MS);
        config.setCacheSize(-64 * 1024); // KiB
        config.setJournalSizeLimit(64 * 1024 * 1024);
        return config;
    }

    private static SqliteReaders readers(Path file) throws SQLException {
        var config = config();
        config.setReadOnly(true);
        config.setCacheSize(-16 * 1024); // KiB
        var source = new SQLiteDataSource(config);
        source.setUrl("jdbc:sqlite:" + file);
        return SqliteReaders.open(source, READERS);
    }

    /// Writes our mark into a new file, and refuses a file that has tables but not our mark.
    private static void claim(Connection connection, Path file) throws SQLException {
        try (var statement = connection.createStatement()) {
            int application = number(statement, "PRAGMA application_id");
            if (application == APPLICATION) {
                return;
            }
            if (application != 0 || number(statement, "SELECT count(*) FROM sqlite_schema") > 0) {
                throw new StoreException(
                        file
                                + " is a database of another program: name another --data"
                                + " directory");
            }
            statement.execute("PRAGMA application_id = " + APPLICATION);
        }
    }

    private static int number(Statement statement, String question) throws SQLException {
        try (var row = statement.executeQuery(question)) {
            row.next();
            return row.getInt(1);
        }
    }

    private static StoreException unusable(Path file, SQLException e) {
        if (e instanceof SQLiteException sqlite) {
            switch (sqlite.getResultCode()) {
                case SQLITE_NOTADB, SQLITE_CORRUPT, SQLITE_CORRUPT_INDEX, SQLITE_CORRUPT_VTAB ->
                        throw new StoreException(
                                file
                                        + " is damaged or is no database: restore a backup, or move"
                                        + " the file away to start empty",
                                e);
                default -> {}
            }
        }
        return Database.failure("open " + file, e);
    }

    /// That of the writer, and the readers'.
    @Override
    public Bulletin openBulletin() {
        return Bulletin.ALONE;
    }

    @Override
    public int connections() {
        return 1 + readers.size();
    }

    @Override
    public Dialect dialect() {
        return Dialect.SQLITE;
    }

    @Override
    public <T> T read(String doing, Function<Session, T> work) {
        return readers.read(doing, work);
    }

    @Override
    public <T> T write(String doing, Function<Transaction, T> work) {
        return writer.write(doing, work);
    }

    @Override
    public <T> T forget(String doing, Function<Transaction, T> work) {
        return writer.forget(doing, work);
    }

    @Override
    public WriteFigures figures() {
        return writer.figures();
    }

    @Override
    public void close() {
        try (lock) {
            writer.close();
            readers.close();
            checkpoints.close(); // The last connection: SQLite puts its log away.
        }
    }
}
