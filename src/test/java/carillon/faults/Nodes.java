package carillon.faults;

import carillon.json.Json;
import carillon.store.StoreSettings;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// Server processes over one PostgreSQL, and a client of them.
final class Nodes {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /// The same for all, as for all that share a database.
    private static final String SECRET = "QUFB".repeat(10) + "QUE=";

    private final HttpClient client;
    private final List<ServerProcess> servers = new ArrayList<>();

    private Nodes(HttpClient client) {
        this.client = client;
    }

    /// Starts `count` nodes, each with a folder of its own in `folder`.
    static Nodes start(Path folder, StoreSettings.Postgres database, int count)
            throws IOException, InterruptedException {
        var nodes = new Nodes(HttpClient.newHttpClient());
        for (int i = 1; i <= count; i++) {
            var data = folder.resolve("node" + i);
            Files.createDirectories(data);
            var config =
                    """
                    database: "%s"
                    database-user: "%s"
                    node-id: "node%d"
                    retention.runs: 1000000
                    secret-key: "%s"
                    """
                            .formatted(database.url(), database.user(), i, SECRET);
            nodes.servers.add(ServerProcess.start(data, freePort(), nodes.client, config));
        }
        return nodes;
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    int count() {
        return servers.size();
    }

    ServerProcess get(int index) {
        return servers.get(index);
    }

    /// Makes a task that fires once a second; the id, when the node acknowledged it.
    Optional<Long> create(int node, String target) throws IOException, InterruptedException {
        var body =
                """
                {"name":"fault","schedule":{"every":"1s"},
                 "action":{"http":{"url":"%s","method":"POST","body":"x"}}}
                """
                        .formatted(target);
        return post(node, "/api/v1/tasks", body);
    }

    /// The id in a 2xx answer; empty when the node answered 5xx. Throws when it does not answer.
    Optional<Long> post(int node, String path, String body)
            throws IOException, InterruptedException {
        var answer =
                send(
                        node,
                        path,
                        builder -> builder.POST(HttpRequest.BodyPublishers.ofString(body)));
        return switch (answer.statusCode() / 100) {
            case 2 -> Optional.of(Json.readObject(answer.body()).path("id").asLong());
            case 5 -> Optional.empty();
            default -> throw new IllegalStateException(path + " answered " + answer.body());
        };
    }

    JsonNode get(int node, String path) throws IOException, InterruptedException {
        return Json.read(send(node, path, HttpRequest.Builder::GET).body());
    }

    private HttpResponse<String> send(
            int node, String path, UnaryOperator<HttpRequest.Builder> method)
            throws IOException, InterruptedException {
        var server = servers.get(node);
        var request =
                HttpRequest.newBuilder(server.uri(path))
                        .timeout(PATIENCE)
                        .header("Authorization", "Bearer " + server.key())
                        .header("Content-Type", "application/json");
        return client.send(method.apply(request).build(), HttpResponse.BodyHandlers.ofString());
    }

    /// All tasks stop firing.
    void pauseAll(int node) throws IOException, InterruptedException {
        var ids = new ArrayList<Long>();
        var cursor = "";
        do {
            var page = get(node, "/api/v1/tasks?limit=100" + cursor);
            page.path("data").forEach(task -> ids.add(task.path("id").asLong()));
            var next = page.path("next_cursor");
            cursor = next.isTextual() ? "&cursor=" + next.asText() : "";
        } while (!cursor.isEmpty());
        for (var id : ids) {
            post(node, "/api/v1/tasks/" + id + "/pause", "");
        }
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

    void killAll() throws InterruptedException {
        for (var server : servers) {
            server.kill();
        }
    }
}
