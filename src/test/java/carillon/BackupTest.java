package carillon;

import static org.assertj.core.api.Assertions.assertThat;

import carillon.store.StoreSettings;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `backup`, `restore` and `release` with whole servers and real files.
@Timeout(180)
final class BackupTest {
    private static final Duration LATER = Duration.ofMinutes(10);

    private static final String EVERY_SECOND =
            """
            {"name":"often","schedule":{"every":"1s"},"action":{"nothing":{}},
             "misfire":{"policy":"fire_all"}}
            """;

    @TempDir Path folder;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return Main.commandLine(InstantSource.system())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }

    private Path old() {
        return folder.resolve("old");
    }

    private Path anew() {
        return folder.resolve("new");
    }

    private Path file() {
        return folder.resolve("copy.db");
    }

    private int backup(String... more) {
        return runWith("backup", old(), more);
    }

    private int restore(String... more) {
        return runWith("restore", anew(), more);
    }

    private int runWith(String command, Path data, String... more) {
        var arguments = new String[4 + more.length];
        arguments[0] = command;
        arguments[1] = file().toString();
        arguments[2] = "--data";
        arguments[3] = data.toString();
        System.arraycopy(more, 0, arguments, 4, more.length);
        return run(arguments);
    }

    /// A task that has run and a backup while the server goes on.
    private long backedUp() throws Exception {
        try (var server = WholeServer.start(old())) {
            long task = server.post("/api/v1/tasks", EVERY_SECOND).path("id").asLong();
            var slots = "/api/v1/tasks/" + task + "/slots";
            server.await(slots, page -> page.path("ledger").path("succeeded").asLong() >= 2);
            assertThat(backup()).isZero();
            long then = server.get(slots).path("ledger").path("succeeded").asLong();
            server.await(slots, page -> page.path("ledger").path("succeeded").asLong() > then);
            Files.createDirectories(anew());
            Files.copy(old().resolve("secret.key"), anew().resolve("secret.key"));
            return task;
        }
    }

    private WholeServer startRestored() throws Exception {
        var store = new StoreSettings.Sqlite(anew());
        return WholeServer.start(anew(), store, WholeServer.ahead(LATER), "two");
    }

    private static JsonNode ledger(WholeServer server, long task) throws Exception {
        var to = Instant.now().plus(LATER).minusSeconds(30);
        return server.get("/api/v1/tasks/" + task + "/slots?to=" + to).path("ledger");
    }

    @Test
    void a_restored_server_is_held_and_what_is_skipped_has_its_place_in_the_ledger()
            throws Exception {
        long task = backedUp();
        assertThat(restore()).isZero();
        try (var server = startRestored()) {
            assertThat(server.ask("GET", "/health/ready", "").body().path("status").asText())
                    .isEqualTo("held");
            var hold = server.get("/api/v1/hold");
            assertThat(hold.path("held").asBoolean()).isTrue();
            assertThat(hold.path("reason").asText()).isEqualTo("restored from copy.db");
            var overdue = hold.path("overdue").path(0);
            assertThat(overdue.path("task_id").asLong()).isEqualTo(task);
            assertThat(overdue.path("passed").asLong()).isPositive();
            assertThat(overdue.path("would_run").asLong()).isPositive();

            long executed =
                    server.post("/api/v1/tasks/" + task + "/execute", "").path("id").asLong();
            long succeeded = ledger(server, task).path("succeeded").asLong();
            var url = server.uri("").toString();
            int listed = run("release", "--server", url, "--key", server.key());
            assertThat(listed).as(err.toString()).isZero();
            assertThat(out.toString()).contains("Held since").contains("task " + task + " often");
            assertThat(ledger(server, task).path("succeeded").asLong()).isEqualTo(succeeded);
            assertThat(server.get("/api/v1/runs/" + executed).path("state").asText())
                    .isEqualTo("QUEUED");

            var release = new String[] {"release", "--missed", "skip", "--server", url, "--key"};
            int released = run(with(release, server.key()));
            assertThat(released).as(err.toString()).isZero();
            server.await(
                    "/api/v1/tasks/" + task + "/runs?state=SUCCEEDED&limit=1",
                    page -> isAfter(page.path("data").path(0).path("fire_time"), LATER));
            var ledger = ledger(server, task);
            assertThat(ledger.path("succeeded").asLong()).isEqualTo(succeeded);
            assertThat(ledger.path("skipped").asLong()).isGreaterThan(500);
            assertThat(ledger.path("open").asLong()).isZero();
            assertThat(ledger.path("missed").asLong()).isZero();
            assertThat(ledger.path("expected").asLong())
                    .isEqualTo(
                            ledger.path("succeeded").asLong()
                                    + ledger.path("skipped").asLong()
                                    + ledger.path("cancelled").asLong());
            assertThat(server.get("/api/v1/runs/" + executed).path("state").asText())
                    .isEqualTo("CANCELLED");
            assertThat(run(with(release, server.key()))).isEqualTo(1);
            assertThat(server.get("/api/v1/audit?action=hold.release").path("data")).hasSize(1);
        }
    }

    private static String[] with(String[] arguments, String last) {
        var all = Arrays.copyOf(arguments, arguments.length + 1);
        all[arguments.length] = last;
        return all;
    }

    private static boolean isAfter(JsonNode at, Duration ahead) {
        return at.isTextual()
                && Instant.parse(at.asText()).isAfter(Instant.now().plus(ahead).minusSeconds(20));
    }

    @Test
    void a_released_server_catches_up_as_its_tasks_say_also_when_it_was_stopped_while_held()
            throws Exception {
        long task = backedUp();
        assertThat(restore()).isZero();
        startRestored().close();
        try (var server = startRestored()) {
            long before = ledger(server, task).path("succeeded").asLong();
            var would = server.get("/api/v1/hold").path("overdue").path(0);
            assertThat(would.path("whole").asBoolean()).isFalse();
            server.post("/api/v1/hold/release", "{\"missed\":\"run\"}");
            server.await(
                    "/api/v1/tasks/" + task + "/slots",
                    page -> page.path("ledger").path("succeeded").asLong() >= before + 100);
        }
    }

    @Test
    void nothing_is_replaced_unasked_and_no_damaged_file_is_taken() throws Exception {
        backedUp();
        assertThat(backup()).isEqualTo(1);
        assertThat(err.toString()).contains("is there already");
        assertThat(backup("--replace")).isZero();
        assertThat(folder.toFile().list()).containsExactlyInAnyOrder("old", "new", "copy.db");

        assertThat(restore()).isZero();
        assertThat(restore()).isEqualTo(1);
        assertThat(err.toString()).contains("is there already");
        assertThat(restore("--replace")).isZero();
        assertThat(anew().resolve("carillon.db.replaced")).exists();
        try (var _ = startRestored()) {
            assertThat(restore("--replace")).isEqualTo(1);
            assertThat(err.toString()).contains("another Carillon uses the data directory");
        }

        var kept = Files.readAllBytes(anew().resolve("carillon.db"));
        var bytes = Files.readAllBytes(file());
        Arrays.fill(bytes, 8_192, bytes.length / 2, (byte) 0x5a);
        Files.write(file(), bytes);
        assertThat(restore("--replace")).isEqualTo(1);
        assertThat(Files.readAllBytes(anew().resolve("carillon.db"))).isEqualTo(kept);
        Files.writeString(file(), "no database at all");
        assertThat(restore("--replace")).isEqualTo(1);
        assertThat(Files.readAllBytes(anew().resolve("carillon.db"))).isEqualTo(kept);
        assertThat(anew().resolve("carillon.db.part")).doesNotExist();
    }

    @Test
    void a_database_on_postgresql_is_refused_with_the_way_to_do_it() throws Exception {
        Files.createDirectories(old());
        Files.writeString(old().resolve("carillon.yaml"), "database: jdbc:postgresql://h/d\n");
        assertThat(backup()).isEqualTo(2);
        assertThat(err.toString()).contains("pg_dump");
        assertThat(file()).doesNotExist();
    }
}
