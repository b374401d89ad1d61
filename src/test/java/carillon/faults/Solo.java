package carillon.faults;

import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// One server over SQLite, its client, and the outside ledger.
record Solo(ServerProcess server, Caller caller, Outside outside, Path data, Path log)
        implements AutoCloseable {

    static Solo start(Path folder) throws IOException, InterruptedException {
        return start(folder, Map.of());
    }

    /// The same, with variables more in its environment.
    static Solo start(Path folder, Map<String, String> environment)
            throws IOException, InterruptedException {
        var data = folder.resolve("data");
        Files.createDirectories(data);
        var log = folder.resolve("outside.log");
        var outside = Outside.start(folder, log);
        var client = HttpClient.newHttpClient();
        int port = ServerProcess.freePort();
        var server = ServerProcess.start(data, port, client, "", environment);
        return new Solo(server, new Caller(server, client), outside, data, log);
    }

    /// What came so far.
    List<String> hits() throws IOException {
        return Files.exists(log) ? Files.readAllLines(log) : List.of();
    }

    /// Waits until at least `count` requests came.
    void awaitHits(int count) throws IOException, InterruptedException {
        for (int i = 0; hits().size() < count; i++) {
            if (i > 1_200) {
                throw new IllegalStateException("only " + hits().size() + " requests came");
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    @Override
    public void close() {
        server.kill();
        outside.close();
    }
}
