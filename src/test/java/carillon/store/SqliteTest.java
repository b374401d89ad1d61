package carillon.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import carillon.task.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is particular to the embedded database.
final class SqliteTest {
    @TempDir private Path directory;

    @Test
    void a_second_server_on_the_same_directory_is_refused() {
        try (var first = open()) {
            assertThatThrownBy(this::open)
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("another Carillon uses the data directory " + directory);
            assertThat(first.tasks().newId()).isNotNull();
        }
        open().close();
    }

    @Test
    void what_was_written_is_there_after_a_restart() {
        Task task;
        try (var stores = open()) {
            task = Some.task(stores, Some.definition("one"));
        }
        try (var stores = open()) {
            assertThat(stores.tasks().find(task.id())).hasValue(task);
            assertThat(stores.tasks().newId().value()).isGreaterThan(task.id().value());
        }
    }

    @Test
    void a_file_that_is_no_database_stops_the_start() throws IOException {
        Files.writeString(file(), "This is not a database at all. ".repeat(500));

        assertThatThrownBy(this::open)
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("is damaged or is no database: restore a backup");
        assertThat(Files.readString(file())).startsWith("This is not");
    }

    @Test
    void a_damaged_database_stops_the_start() throws IOException {
        open().close();
        byte[] bytes = Files.readAllBytes(file());
        for (int i = 100; i < bytes.length; i++) {
            bytes[i] = 0x55;
        }
        Files.write(file(), bytes);

        assertThatThrownBy(this::open)
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("restore a backup");
    }

    @Test
    void a_database_of_another_program_stops_the_start() throws SQLException {
        execute("CREATE TABLE theirs (x)");

        assertThatThrownBy(this::open)
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("is a database of another program");
    }

    @Test
    void a_database_of_a_newer_version_stops_the_start() throws SQLException {
        open().close();
        execute(
                "INSERT INTO flyway_schema_history SELECT installed_rank + 1, '999', 'future',"
                        + " type, 'V999__future.sql', 1, installed_by, installed_on, 1, 1"
                        + " FROM flyway_schema_history ORDER BY installed_rank DESC LIMIT 1");

        assertThatThrownBy(this::open)
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("was written by a newer Carillon (tables of version 999)");
    }

    @Test
    void a_migration_that_was_interrupted_before_it_was_recorded_runs_again() throws SQLException {
        Task task;
        try (var stores = open()) {
            task = Some.task(stores, Some.definition("one"));
        }
        execute("DELETE FROM flyway_schema_history");

        try (var stores = open()) {
            assertThat(stores.tasks().find(task.id())).hasValue(task);
        }
    }

    @Test
    void writes_that_come_together_share_a_commit_and_each_is_durable_when_it_returns()
            throws Exception {
        try (var stores = open();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var database = (SqliteDatabase) stores.database();
            long before = database.figures().commits();
            var writes = new ArrayList<Future<Long>>();
            whileTheWriterIsBusy(
                    stores,
                    threads,
                    () -> {
                        for (int i = 0; i < 200; i++) {
                            int number = i;
                            writes.add(threads.submit(() -> writeAndCount(stores, number)));
                        }
                    });
            for (int i = 0; i < writes.size(); i++) {
                assertThat(writes.get(i).get()).isEqualTo(1);
            }
            assertThat(database.figures().commits() - before).isLessThan(20);
        }
    }

    /// Writes a row, and counts it as another process would see it.
    private long writeAndCount(Stores stores, int number) throws SQLException {
        insert(stores, number);
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file());
                var statement = connection.createStatement();
                var row =
                        statement.executeQuery(
                                "SELECT count(*) FROM attempt WHERE run_id = " + number)) {
            row.next();
            return row.getLong(1);
        }
    }

    @Test
    void a_write_that_fails_does_not_spoil_its_neighbours() throws Exception {
        try (var stores = open();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            insert(stores, 5);
            var writes = new ArrayList<Future<Integer>>();
            whileTheWriterIsBusy(
                    stores,
                    threads,
                    () -> {
                        for (int i = 0; i < 10; i++) {
                            int number = i;
                            writes.add(
                                    threads.submit(
                                            () -> {
                                                insert(stores, number);
                                                return number;
                                            }));
                        }
                    });
            for (int i = 0; i < 10; i++) {
                var write = writes.get(i);
                var failure = catchThrowable(write::get);
                if (i == 5) {
                    assertThat(failure.getCause())
                            .isInstanceOf(StoreException.class)
                            .hasMessageStartingWith("could not insert 5: ");
                } else {
                    assertThat(failure).isNull();
                }
            }
            assertThat(count(stores)).isEqualTo(10);
        }
    }

    @Test
    void a_full_disk_is_told_and_over_when_there_is_room() throws Exception {
        try (var stores = open();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            pages(stores, "PRAGMA max_page_count = 1");
            var big = "x".repeat(2_000_000);
            assertThatThrownBy(() -> insert(stores, 1, big)).isInstanceOf(StoreFullException.class);
            var writes = new ArrayList<Future<?>>();
            whileTheWriterIsBusy(
                    stores,
                    threads,
                    () -> {
                        for (int i = 0; i < 3; i++) {
                            int number = i;
                            writes.add(threads.submit(() -> insert(stores, number, big)));
                        }
                    });
            for (var write : writes) {
                assertThat(catchThrowable(write::get).getCause())
                        .isInstanceOf(StoreFullException.class);
            }
            assertThat(count(stores)).isZero();
            pages(stores, "PRAGMA max_page_count = 1000000");
            insert(stores, 1, big);
            assertThat(count(stores)).isEqualTo(1);
        }
    }

    /// Else the writes of the moment would take the room that deleting needs.
    @Test
    void on_a_full_disk_only_what_forgets_may_write_until_there_is_room() {
        var reserve = directory.resolve("carillon.reserve");
        try (var stores = open(new StoreSettings.Sqlite(directory, 100_000))) {
            assertThat(reserve).hasSize(100_000);
            insert(stores, 1);
            pages(stores, "PRAGMA max_page_count = 1");
            var big = "x".repeat(2_000_000);
            assertThatThrownBy(() -> insert(stores, 2, big)).isInstanceOf(StoreFullException.class);
            assertThat(reserve).doesNotExist();
            assertThatThrownBy(() -> insert(stores, 3))
                    .isInstanceOf(StoreFullException.class)
                    .hasMessage("could not insert 3: the disk is full");
            stores.database()
                    .forget(
                            "make room",
                            transaction ->
                                    transaction
                                            .update("DELETE FROM attempt WHERE run_id = :id")
                                            .bind("id", 1)
                                            .execute());
            assertThat(count(stores)).isZero();
            Awaitility.await()
                    .ignoreExceptionsInstanceOf(StoreFullException.class)
                    .until(
                            () -> {
                                insert(stores, 4);
                                return count(stores) == 1;
                            });
            assertThat(reserve).hasSize(100_000);
        }
    }

    @Test
    void what_keeps_is_waited_for_on_disk_and_what_forgets_is_not() {
        try (var stores = open()) {
            var database = stores.database();
            assertThat(database.write("look", SqliteTest::synchronous)).isEqualTo(2);
            assertThat(database.forget("look", SqliteTest::synchronous)).isEqualTo(1);
            assertThat(database.write("look", SqliteTest::synchronous)).isEqualTo(2);
        }
    }

    private static int synchronous(Session session) {
        return session.query("PRAGMA synchronous").mapTo(Integer.class).one();
    }

    @Test
    void the_log_stays_bounded_while_much_is_written_and_is_gone_after_the_end()
            throws IOException {
        var log = directory.resolve("carillon.db-wal");
        try (var stores = open()) {
            var big = "x".repeat(100_000);
            for (int i = 0; i < 2_000; i++) {
                insert(stores, i, big);
            }
            long written = 2_000L * 100_000;
            assertThat(Files.size(log))
                    .isLessThan(written / 2)
                    .isLessThan(2L * WalCheckpoints.MAX_PAGES * 4_096);
        }
        assertThat(log).doesNotExist();
    }

    @Test
    void a_closed_store_refuses_writes() {
        var stores = open();
        stores.close();

        assertThatThrownBy(() -> insert(stores, 1))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("the store is closed");
    }

    /// Holds the writer in a write of its own until `asking` has submitted its writes and each of
    /// them waits.
    private static void whileTheWriterIsBusy(
            Stores stores, ExecutorService threads, Runnable asking) throws Exception {
        var held = new CountDownLatch(1);
        var busy = new CountDownLatch(1);
        var holding =
                threads.submit(
                        () ->
                                stores.database()
                                        .write(
                                                "hold the writer",
                                                _ -> {
                                                    busy.countDown();
                                                    awaitHere(held);
                                                    return true;
                                                }));
        busy.await();
        asking.run();
        held.countDown();
        assertThat(holding.get()).isTrue();
    }

    private static void awaitHere(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void insert(Stores stores, int number) {
        insert(stores, number, "");
    }

    private static void insert(Stores stores, int number, String reason) {
        stores.database()
                .write(
                        "insert " + number,
                        transaction ->
                                transaction
                                        .update(
                                                """
                                                INSERT INTO attempt (run_id, attempt, state, reason)
                                                VALUES (:number, 1, 'FAILED', :reason)
                                                """)
                                        .bind("number", number)
                                        .bind("reason", reason)
                                        .execute());
    }

    private static void pages(Stores stores, String pragma) {
        stores.database()
                .write(
                        "bound the database",
                        transaction -> transaction.query(pragma).mapTo(Long.class).list());
    }

    private static long count(Stores stores) {
        return stores.database()
                .read(
                        "count",
                        session ->
                                session.query("SELECT count(*) FROM attempt")
                                        .mapTo(Long.class)
                                        .one());
    }

    private void execute(String statement) throws SQLException {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file())) {
            connection.createStatement().execute(statement);
        }
    }

    private Path file() {
        return directory.resolve("carillon.db");
    }

    private Stores open() {
        return open(new StoreSettings.Sqlite(directory));
    }

    private static Stores open(StoreSettings settings) {
        return Stores.open(settings, Some.CODEC, Some.LISTS, InstantSource.system());
    }
}
