package carillon.store;

import carillon.audit.Actor;
import carillon.cluster.Bulletin;
import carillon.json.TaskJson;
import carillon.task.TaskLists;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;
import org.sqlite.SQLiteConnection;

/// Stores for one thread, with the real statements over SQLite in memory, on one connection, which
/// are as new for each life that is simulated over them. To make tables and to read statements
/// takes longer than such a life.
public final class LifeStores implements AutoCloseable {
    private static final Path EMPTY = makeEmpty();

    private final Connection connection;
    private final Handle handle;

    private LifeStores(Connection connection) {
        this.connection = connection;
        this.handle = Database.keeping(connection);
    }

    public static LifeStores open() {
        try {
            return new LifeStores(DriverManager.getConnection("jdbc:sqlite::memory:"));
        } catch (SQLException e) {
            throw new IllegalStateException("could not open a database in memory", e);
        }
    }

    /// Stores with nothing in them, by that clock. Those handed out before are not to be used any
    /// more.
    public Stores anew(InstantSource clock) {
        try (var statement = connection.createStatement()) {
            var database = connection.unwrap(SQLiteConnection.class).getDatabase();
            int code = database.restore("main", EMPTY.toString(), (_, _) -> {}, 5, 200, -1);
            if (code != 0) {
                throw new IllegalStateException("could not empty the database: " + code);
            }
            statement.execute("PRAGMA synchronous = OFF");
            statement.execute("PRAGMA journal_mode = MEMORY");
            var own = new OneThread(connection, handle, clock);
            return new Stores(
                    new Foundation(
                            own,
                            new Ids(own, clock),
                            new Definitions(TaskJson.codec()),
                            new TaskListings(TaskLists.NONE),
                            clock,
                            LeaseClock.CALLERS));
        } catch (SQLException e) {
            throw new IllegalStateException("could not empty the database", e);
        }
    }

    @Override
    public void close() {
        handle.close();
    }

    private static Path makeEmpty() {
        try {
            var folder = Files.createTempDirectory("carillon-life");
            var settings = new StoreSettings.Sqlite(folder);
            Stores.open(settings, TaskJson.codec(), TaskLists.NONE, InstantSource.system()).close();
            var file = folder.resolve("carillon.db");
            try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                    var statement = connection.createStatement()) {
                // Many may read it at the same time.
                statement.execute("PRAGMA journal_mode = DELETE");
            }
            file.toFile().deleteOnExit();
            folder.toFile().deleteOnExit();
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (SQLException e) {
            throw new IllegalStateException("could not make an empty database", e);
        }
    }

    /// Reads and writes on the thread that asks.
    private static final class OneThread implements Database {
        private final Handle handle;
        private final InstantSource clock;
        private final PreparedStatement begin;
        private final PreparedStatement commit;
        private final PreparedStatement rollback;
        private final WriteFigures figures = new WriteFigures();

        OneThread(Connection connection, Handle handle, InstantSource clock) throws SQLException {
            this.handle = handle;
            this.clock = clock;
            begin = connection.prepareStatement("BEGIN");
            commit = connection.prepareStatement("COMMIT");
            rollback = connection.prepareStatement("ROLLBACK");
        }

        @Override
        public Dialect dialect() {
            return Dialect.SQLITE;
        }

        @Override
        public Bulletin openBulletin() {
            return Bulletin.ALONE;
        }

        @Override
        public int connections() {
            return 1;
        }

        @Override
        public <T> T read(String doing, Function<Session, T> work) {
            try {
                return work.apply(new Session(handle, Dialect.SQLITE));
            } catch (JdbiException e) {
                throw Database.failure(doing, e);
            }
        }

        @Override
        public <T> T forget(String doing, Function<Transaction, T> work) {
            return write(doing, work);
        }

        @Override
        public <T> T write(String doing, Function<Transaction, T> work) {
            try {
                begin.execute();
                try {
                    var transaction = new Transaction(handle, Dialect.SQLITE, Actor.current());
                    var answer = work.apply(transaction);
                    transaction.finish(clock.instant());
                    commit.execute();
                    figures.committed(1, 0, transaction.events());
                    return answer;
                } catch (RuntimeException | Error e) {
                    rollback.execute();
                    throw e;
                }
            } catch (JdbiException e) {
                throw Database.failure(doing, e);
            } catch (SQLException e) {
                throw Database.failure(doing, e);
            }
        }

        @Override
        public WriteFigures figures() {
            return figures;
        }

        @Override
        public void close() {
            try {
                begin.close();
                commit.close();
                rollback.close();
            } catch (SQLException e) {
                throw Database.failure("close the database", e);
            }
        }
    }
}
