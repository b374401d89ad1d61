package carillon.faults;

import carillon.store.StoreSettings;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;

/// A PostgreSQL server of its own, with durable commits.
final class PostgresServer implements AutoCloseable {
    private final Path folder;
    private final int port;
    private final EmbeddedPostgres running;

    private PostgresServer(Path folder, int port) throws IOException {
        this.folder = folder;
        this.port = port;
        this.running = open();
    }

    static PostgresServer start(Path folder) throws IOException {
        return new PostgresServer(folder, freePort());
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private EmbeddedPostgres open() throws IOException {
        return EmbeddedPostgres.builder()
                .setDataDirectory(folder)
                .setCleanDataDirectory(false)
                .setPort(port)
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("full_page_writes", "on")
                .start();
    }

    StoreSettings.Postgres settings() {
        return new StoreSettings.Postgres(
                "jdbc:postgresql://127.0.0.1:" + port + "/postgres", "postgres", "", 8);
    }

    @Override
    public void close() throws IOException {
        running.close();
    }
}
