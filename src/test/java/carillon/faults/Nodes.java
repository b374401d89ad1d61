package carillon.faults;

import carillon.store.StoreSettings;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Server processes over one PostgreSQL, and a client of each.
final class Nodes {
    /// The same for all, as for all that share a database.
    private static final String SECRET = "QUFB".repeat(10) + "QUE=";

    private final List<ServerProcess> servers = new ArrayList<>();
    private final List<Caller> callers = new ArrayList<>();

    private Nodes() {}

    /// Where one node stands: the address at which it finds the database, and its environment.
    record Place(String databaseHost, Map<String, String> environment) {
        static final Place PLAIN = new Place("127.0.0.1", Map.of());
    }

    /// Starts as many nodes as there are places, each with a folder of its own in `folder`.
    static Nodes start(Path folder, StoreSettings.Postgres database, List<Place> places)
            throws IOException, InterruptedException {
        var nodes = new Nodes();
        var client = HttpClient.newHttpClient();
        for (int i = 1; i <= places.size(); i++) {
            var place = places.get(i - 1);
            var data = folder.resolve("node" + i);
            Files.createDirectories(data);
            var config =
                    """
                    database: "%s"
                    database-user: "%s"
                    node-id: "node%d"
                    secret-key: "%s"
                    """
                            .formatted(
                                    database.url().replace("127.0.0.1", place.databaseHost()),
                                    database.user(),
                                    i,
                                    SECRET);
            int port = ServerProcess.freePort();
            var server = ServerProcess.start(data, port, client, config, place.environment());
            nodes.servers.add(server);
            nodes.callers.add(new Caller(server, client));
        }
        return nodes;
    }

    int count() {
        return servers.size();
    }

    ServerProcess get(int index) {
        return servers.get(index);
    }

    /// All but one.
    List<ServerProcess> others(int index) {
        var others = new ArrayList<>(servers);
        others.remove(index);
        return others;
    }

    List<Caller> callers() {
        return List.copyOf(callers);
    }

    /// Stops all that are alive; returns the exit codes that are not those of a graceful stop.
    List<Integer> stop() throws InterruptedException {
        var wrong = new ArrayList<Integer>();
        for (var server : servers) {
            int exit = server.stop();
            if (exit != 0 && exit != 143) {
                wrong.add(exit);
            }
        }
        return wrong;
    }

    void killAll() {
        for (var server : servers) {
            server.kill();
        }
    }
}
