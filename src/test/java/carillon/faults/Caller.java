package carillon.faults;

import carillon.json.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A client of one server, with its administrator's key. Throws when that does not answer.
final class Caller {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /// Of all tasks that fire.
    private static final String NAME = "fault";

    private final ServerProcess server;
    private final HttpClient client;
    private final String key;

    Caller(ServerProcess server, HttpClient client) throws IOException {
        this.server = server;
        this.client = client;
        this.key = server.key();
    }

    HttpResponse<String> send(String method, String path, String body)
            throws IOException, InterruptedException {
        var request =
                HttpRequest.newBuilder(server.uri(path))
                        .timeout(PATIENCE)
                        .header("Authorization", "Bearer " + key)
                        .header("Content-Type", "application/json")
                        .method(
                                method,
                                body.isEmpty()
                                        ? HttpRequest.BodyPublishers.noBody()
                                        : HttpRequest.BodyPublishers.ofString(body));
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    JsonNode get(String path) throws IOException, InterruptedException {
        return Json.read(send("GET", path, "").body());
    }

    /// The id in a 2xx answer; empty when the server answered 5xx.
    Optional<Long> post(String path, String body) throws IOException, InterruptedException {
        var answer = send("POST", path, body);
        return switch (answer.statusCode() / 100) {
            case 2 -> Optional.of(Json.readObject(answer.body()).path("id").asLong());
            case 5 -> Optional.empty();
            default -> throw new IllegalStateException(path + " answered " + answer.body());
        };
    }

    /// Makes a task that posts to `target` once in `every`, as in the API, and has `more` members,
    /// each followed by a comma; the id, when it was acknowledged.
    Optional<Long> create(String target, String every, String more)
            throws IOException, InterruptedException {
        var body =
                """
                {"name":"%s","schedule":{"every":"%s"},%s
                 "action":{"http":{"url":"%s","method":"POST","body":"x"}}}
                """
                        .formatted(NAME, every, more, target);
        return post("/api/v1/tasks", body);
    }

    /// Makes a task that does not fire for a year; the id, when it was acknowledged.
    Optional<Long> createIdle() throws IOException, InterruptedException {
        return post(
                "/api/v1/tasks",
                """
                {"name":"idle","schedule":{"every":"365d"},"action":{"nothing":{}}}
                """);
    }

    /// Runs a task now; the id of the run, when it was acknowledged.
    Optional<Long> execute(long task) throws IOException, InterruptedException {
        return post("/api/v1/tasks/" + task + "/execute", "");
    }

    /// All tasks that are not idle stop firing, those too that were made without an answer.
    void pauseAll() throws IOException, InterruptedException {
        for (var id : tasks()) {
            post("/api/v1/tasks/" + id + "/pause", "");
        }
    }

    private List<Long> tasks() throws IOException, InterruptedException {
        var ids = new ArrayList<Long>();
        var cursor = "";
        do {
            var page = get("/api/v1/tasks?limit=100&q=" + NAME + cursor);
            page.path("data").forEach(task -> ids.add(task.path("id").asLong()));
            var next = page.path("next_cursor");
            cursor = next.isTextual() ? "&cursor=" + next.asText() : "";
        } while (!cursor.isEmpty());
        return ids;
    }
}
