package carillon.store;

import static java.util.Objects.requireNonNull;

import carillon.audit.Actor;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// The one writer of a SQLite database. Writes that arrive while another is being made durable wait
/// together and then share one transaction, and with it one fsync: each within a savepoint of its
/// own, so that one that fails takes no other with it. Whoever asked is answered after the commit.
/// Those that forget have a transaction of their own, without fsync.
final class GroupCommit implements AutoCloseable {
    private static final int MAX_TOGETHER = 256;
    private static final int MAX_WAITING = 10_000;

    private final Connection connection;
    private final Handle handle;
    private final BlockingQueue<Write<?>> waiting = new ArrayBlockingQueue<>(MAX_WAITING);
    private final Thread thread;
    private final Control control;
    private final Means means;
    private volatile boolean closed;
    private final WriteFigures figures = new WriteFigures();
    private volatile boolean finished;

    /// What it works with.
    record Means(WalCheckpoints checkpoints, Reserve reserve, InstantSource clock) {
        Means {
            requireNonNull(checkpoints, "checkpoints");
            requireNonNull(reserve, "reserve");
            requireNonNull(clock, "clock");
        }
    }

    private GroupCommit(Connection connection, Means means) throws SQLException {
        this.connection = connection;
        this.control = new Control(connection);
        this.means = means;
        this.handle = Database.keeping(connection);
        this.thread = Thread.ofPlatform().name("carillon-writer").daemon().unstarted(this::serve);
    }

    static GroupCommit start(Connection connection, Means means) throws SQLException {
        var writer = new GroupCommit(connection, means);
        writer.thread.start();
        return writer;
    }

    /// One write, from the call to its answer.
    private static final class Write<T> {
        private final String doing;
        private final Kind kind;
        private final Function<Transaction, T> work;
        private final Actor actor = Actor.current();
        private final CompletableFuture<T> answer = new CompletableFuture<>();
        private @Nullable Runnable release;

        /// Those that forget may use the reserve, and are done again if a power cut undoes them.
        enum Kind {
            KEEPS("FULL"),
            FORGETS("NORMAL");

            private final String synchronous;

            Kind(String synchronous) {
                this.synchronous = synchronous;
            }
        }

        Write(String doing, Kind kind, Function<Transaction, T> work) {
            this.doing = doing;
            this.kind = kind;
            this.work = work;
        }

        /// Does the work, and adds what it brings about to that of the commit.
        void run(Handle handle, Transaction all) {
            var transaction = new Transaction(handle, Dialect.SQLITE, actor);
            var result = work.apply(transaction);
            all.addAll(transaction);
            release = () -> answer.complete(result);
        }

        void succeed() {
            if (release != null) {
                release.run();
            }
        }

        void fail(Throwable failure) {
            release = null;
            answer.completeExceptionally(Database.failure(doing, failure));
        }
    }

    /// Waits, without heeding interrupts, until the write is durable or has failed.
    <T> T write(String doing, Function<Transaction, T> work) {
        return await(new Write<T>(doing, Write.Kind.KEEPS, work));
    }

    /// The same, on a full disk too, for work that only makes room.
    <T> T forget(String doing, Function<Transaction, T> work) {
        return await(new Write<T>(doing, Write.Kind.FORGETS, work));
    }

    private <T> T await(Write<T> write) {
        if (Thread.currentThread() == thread) {
            throw new IllegalStateException("a write within a write");
        }
        submit(write);
        try {
            return write.answer.join();
        } catch (CompletionException e) {
            switch (e.getCause()) {
                case RuntimeException failure -> throw failure;
                case Error failure -> throw failure;
                case null, default -> throw e;
            }
        }
    }

    private void submit(Write<?> write) {
        boolean interrupted = false;
        while (true) {
            if (closed) {
                throw new StoreException("could not " + write.doing + ": the store is closed");
            }
            try {
                waiting.put(write);
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (finished) {
            refuseWaiting();
        }
    }

    private void serve() {
        var together = new ArrayList<Write<?>>();
        while (!closed || !waiting.isEmpty()) {
            try {
                together.add(waiting.take());
            } catch (InterruptedException e) {
                continue; // Nobody has a reason to interrupt; the queue decides.
            }
            waiting.drainTo(together, MAX_TOGETHER - 1);
            commit(of(Write.Kind.KEEPS, together), Write.Kind.KEEPS);
            commit(of(Write.Kind.FORGETS, together), Write.Kind.FORGETS);
            together.clear();
        }
        finished = true;
        refuseWaiting();
    }

    private void refuseWaiting() {
        var late = new ArrayList<Write<?>>();
        waiting.drainTo(late);
        failAll(late, new StoreException("the store is closed"));
    }

    private static List<Write<?>> of(Write.Kind kind, List<Write<?>> writes) {
        return writes.stream().filter(write -> write.kind == kind).toList();
    }

    private void commit(List<Write<?>> together, Write.Kind kind) {
        if (together.isEmpty()) {
            return;
        }
        if (kind == Write.Kind.KEEPS && !means.reserve.isHeld()) {
            refuse(together);
        } else {
            commitAll(together, kind);
        }
    }

    /// The disk is full.
    private static void refuse(List<Write<?>> together) {
        for (var write : together) {
            write.fail(new StoreFullException("could not " + write.doing + ": the disk is full"));
        }
    }

    private void commitAll(List<Write<?>> together, Write.Kind kind) {
        long rowsChanged;
        long begin = System.nanoTime();
        var all = new Transaction(handle, Dialect.SQLITE, Actor.SERVER);
        try {
            control.begin(kind.synchronous);
            if (together.size() == 1) {
                together.getFirst().run(handle, all);
            } else {
                runEach(together, all);
            }
            all.finish(means.clock.instant());
            rowsChanged = control.rowsChanged();
            control.commit();
        } catch (SQLException e) {
            control.rollback(e);
            failTogether(together, e);
            return;
        } catch (RuntimeException | Error e) {
            control.rollback(e);
            failTogether(together, e);
            return;
        }
        if (kind == Write.Kind.FORGETS) {
            means.reserve.forgot();
        }
        figures.committed(together.size(), System.nanoTime() - begin, all.events());
        together.forEach(Write::succeed);
        means.checkpoints.committed(rowsChanged);
        means.checkpoints.catchUp(connection);
    }

    /// Runs each write in a savepoint.
    private void runEach(List<Write<?>> together, Transaction all) throws SQLException {
        for (var write : together) {
            control.savepoint();
            try {
                write.run(handle, all);
                control.release();
            } catch (RuntimeException | Error e) {
                if (!control.undo(e)) {
                    throw e; // SQLite has ended the whole transaction, as on a full disk.
                }
                failTogether(List.of(write), e);
            }
        }
    }

    private void failTogether(List<Write<?>> writes, Throwable failure) {
        if (Database.failure("write", failure) instanceof StoreFullException) {
            means.reserve.giveUp();
        }
        failAll(writes, failure);
    }

    private static void failAll(List<Write<?>> writes, Throwable failure) {
        writes.forEach(write -> write.fail(failure));
    }

    WriteFigures figures() {
        return figures;
    }

    /// Makes what has been asked for so far durable, then stops.
    @Override
    public void close() {
        closed = true;
        waiting.offer(new Write<>("close the store", Write.Kind.FORGETS, _ -> true));
        try {
            thread.join();
            connection.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException("interrupted while closing the store", e);
        } catch (SQLException e) {
            throw Database.failure("close the database", e);
        }
    }

    /// The statements that begin and end transactions, compiled once. The driver destroys one that
    /// has failed, so that another must be made: else the first full disk would be the last write.
    private static final class Control {
        private final Connection connection;
        private final Map<String, PreparedStatement> statements = new HashMap<>();
        private String synchronous = "";

        Control(Connection connection) throws SQLException {
            this.connection = connection;
            pragma("wal_autocheckpoint", Integer.toString(WalCheckpoints.MAX_PAGES));
        }

        /// The mode can be changed between transactions only.
        void begin(String synchronous) throws SQLException {
            if (!synchronous.equals(this.synchronous)) {
                pragma("synchronous", synchronous);
                this.synchronous = synchronous;
            }
            execute("BEGIN IMMEDIATE");
        }

        /// Some work when they are compiled, so that they are compiled each time.
        private void pragma(String name, String value) throws SQLException {
            try (var statement = connection.createStatement()) {
                statement.execute("PRAGMA " + name + " = " + value);
            }
        }

        void commit() throws SQLException {
            execute("COMMIT");
        }

        /// Since the connection was opened.
        long rowsChanged() throws SQLException {
            try (var row = statement("SELECT total_changes()").executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }

        void savepoint() throws SQLException {
            execute("SAVEPOINT one");
        }

        void release() throws SQLException {
            execute("RELEASE one");
        }

        /// Undoes one write; returns false when there is no transaction any more.
        boolean undo(Throwable failure) {
            try {
                execute("ROLLBACK TO one");
                release();
                return true;
            } catch (SQLException e) {
                failure.addSuppressed(e);
                return false;
            }
        }

        /// Ends the transaction, if SQLite has not done so already because of the failure.
        void rollback(Throwable failure) {
            try (var statement = connection.createStatement()) {
                statement.execute("ROLLBACK");
            } catch (SQLException e) {
                failure.addSuppressed(e);
            }
        }

        private void execute(String text) throws SQLException {
            try {
                statement(text).execute();
            } catch (SQLException e) {
                forget(text, e);
                throw e;
            }
        }

        private PreparedStatement statement(String text) throws SQLException {
            var known = statements.get(text);
            if (known == null) {
                known = connection.prepareStatement(text);
                statements.put(text, known);
            }
            return known;
        }

        private void forget(String text, SQLException failure) {
            try (var failed = statements.remove(text)) {
                if (failed == null) {
                    return; // It could not even be made.
                }
            } catch (SQLException e) {
                failure.addSuppressed(e);
            }
        }
    }
}
