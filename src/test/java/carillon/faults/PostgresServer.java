package carillon.faults;

import carillon.store.StoreSettings;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A PostgreSQL server of its own, with durable commits, which can be killed.
final class PostgresServer implements AutoCloseable {
    private final Path folder;
    private final int port;
    private EmbeddedPostgres running;

    private PostgresServer(Path folder, int port) throws IOException {
        this.folder = folder;
        this.port = port;
        this.running = open();
    }

    static PostgresServer start(Path folder) throws IOException {
        return new PostgresServer(folder, ServerProcess.freePort());
    }

    private EmbeddedPostgres open() throws IOException {
        return EmbeddedPostgres.builder()
                .setDataDirectory(folder)
                .setCleanDataDirectory(false)
                .setPort(port)
                .setServerConfig("listen_addresses", "*")
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("full_page_writes", "on")
                .start();
    }

    StoreSettings.Postgres settings() {
        return new StoreSettings.Postgres(
                "jdbc:postgresql://127.0.0.1:" + port + "/postgres", "postgres", "", 8);
    }

    /// Stops it, where it runs, in the orderly way that breaks all connections, and starts it
    /// again.
    void restart() throws IOException {
        running.close();
        running = open();
    }

    /// As kill -9 does, to all of its processes.
    void kill() throws IOException {
        var lines = Files.readAllLines(folder.resolve("postmaster.pid"));
        var postmaster = ProcessHandle.of(Long.parseLong(lines.getFirst().strip())).orElseThrow();
        var all = postmaster.descendants().toList();
        postmaster.destroyForcibly();
        all.forEach(ProcessHandle::destroyForcibly);
        postmaster.onExit().join();
    }

    @Override
    public void close() throws IOException {
        running.close();
    }
}
