package carillon.faults;

import static org.assertj.core.api.Assertions.assertThat;

import carillon.courier.Inbox;
import carillon.json.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A server that is killed with deliveries that it could not make yet.
@Timeout(120)
final class KillNineDeliveriesTest {
    private static final int RUNS = 5;

    @TempDir private Path folder;
    private final HttpClient client = HttpClient.newHttpClient();

    @Test
    void what_was_to_be_delivered_is_delivered_by_the_next_start() throws Exception {
        int port;
        try (var free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        var server = ServerProcess.start(folder, port, client);
        try (var inbox = new Inbox()) {
            inbox.answerFromNowOn(503);
            var runs = new ArrayList<String>();
            for (int i = 0; i < RUNS; i++) {
                runs.add(run(server, inbox.url("/")));
            }
            var refused = "answered 503 Service Unavailable";
            await(() -> states(server, runs, "error").stream().allMatch(refused::equals));
            server.kill();
            inbox.answerFromNowOn(200);
            int before = inbox.received().size();
            assertThat(server.restart()).isPositive();

            await(() -> states(server, runs, "state").stream().allMatch("DELIVERED"::equals));
            var after = inbox.received().subList(before, inbox.received().size()).stream();
            assertThat(after.map(got -> got.headers().get("webhook-id")))
                    .containsExactlyInAnyOrderElementsOf(ids(server, runs));
        } finally {
            server.kill();
        }
    }

    private static void await(Callable<Boolean> condition) {
        Awaitility.await().atMost(Duration.ofSeconds(40)).until(condition);
    }

    private String run(ServerProcess server, String url) throws IOException, InterruptedException {
        var task =
                """
                {"name":"n","action":{"prompt":{"model":"echo","text":"Guten Tag"}},
                 "processors":[{"type":"webhook","config":{"url":"%s"}}]}
                """
                        .formatted(url);
        var id = ask(server, "POST", "/api/v1/tasks", task).path("id");
        var run = ask(server, "POST", "/api/v1/tasks/" + id + "/execute?wait=20s", "");
        assertThat(run.path("state").asText()).isEqualTo("SUCCEEDED");
        return "/api/v1/runs/" + run.path("id");
    }

    private List<String> states(ServerProcess server, List<String> runs, String field)
            throws IOException, InterruptedException {
        var values = new ArrayList<String>();
        for (var run : runs) {
            var deliveries = ask(server, "GET", run + "/deliveries", "").path("data");
            assertThat(deliveries).hasSize(1);
            values.add(deliveries.get(0).path(field).asText());
        }
        return values;
    }

    private List<String> ids(ServerProcess server, List<String> runs)
            throws IOException, InterruptedException {
        return states(server, runs, "id").stream().map(id -> "dlv_" + id).toList();
    }

    private JsonNode ask(ServerProcess server, String method, String path, String body)
            throws IOException, InterruptedException {
        var request =
                HttpRequest.newBuilder(server.uri(path))
                        .header("Authorization", "Bearer " + server.key())
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build();
        var answer = client.send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 201);
        return Json.read(answer.body());
    }
}
