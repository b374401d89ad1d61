package carillon.faults;

import static org.assertj.core.api.Assertions.assertThat;

import carillon.courier.Inbox;
import carillon.json.Json;
import carillon.store.TestPostgres;
import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A server that is killed while webhooks are told of runs, and one that is killed again and again
/// while one and the same run is under way.
@Timeout(240)
final class KillNineWebhooksTest {
    private static final int RUNS = 20;

    @TempDir private Path folder;
    private final HttpClient client = HttpClient.newHttpClient();

    @Test
    void every_end_is_told_though_the_server_was_killed() throws Exception {
        tell("");
    }

    @Test
    void every_end_is_told_though_the_server_was_killed_on_postgresql() throws Exception {
        tell(postgres());
    }

    private static String postgres() {
        var database = TestPostgres.newDatabase();
        return "database: '" + database.url() + "'\ndatabase-user: " + database.user() + "\n";
    }

    private ServerProcess start(String more) throws IOException, InterruptedException {
        int port;
        try (var free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        return ServerProcess.start(folder, port, client, more);
    }

    private void tell(String more) throws Exception {
        var server = start(more);
        try (var inbox = new Inbox()) {
            inbox.answerFromNowOn(503);
            subscribe(server, inbox, "task.completed");
            var task =
                    ask(
                            server,
                            "POST",
                            "/api/v1/tasks",
                            """
                            {"name":"n","action":{"prompt":{"model":"echo","text":"Guten Tag"}}}
                            """);
            var runs = new HashSet<String>();
            for (int i = 0; i < RUNS; i++) {
                var path = "/api/v1/tasks/" + task.path("id") + "/execute?wait=20s";
                runs.add(ask(server, "POST", path, "").path("id").asText());
            }
            server.kill();
            int refused = inbox.received().size();
            inbox.answerFromNowOn(200);
            server.restart();

            await(() -> told(inbox, refused).containsAll(runs));
            assertThat(told(inbox, refused)).hasSize(RUNS);
        } finally {
            server.kill();
        }
    }

    private void subscribe(ServerProcess server, Inbox inbox, String event)
            throws IOException, InterruptedException {
        var body = "{\"url\":\"%s\",\"events\":[\"%s\"]}".formatted(inbox.url("/"), event);
        ask(server, "POST", "/api/v1/webhooks", body);
    }

    /// The runs whose end was taken, each once.
    private static Set<String> told(Inbox inbox, int after) {
        var told = new HashSet<String>();
        data(inbox, after).forEach(data -> told.add(data.path("run_id").asText()));
        return told;
    }

    private static List<JsonNode> data(Inbox inbox, int after) {
        return inbox.received().stream()
                .skip(after)
                .map(got -> Json.read(got.body()).path("data"))
                .toList();
    }

    private static void await(Callable<Boolean> condition) {
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(condition);
    }

    @Test
    void a_run_that_nodes_die_of_is_quarantined_and_that_is_an_alert() throws Exception {
        var calls = new AtomicInteger();
        var deadly =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        deadly.createContext("/", _ -> calls.incrementAndGet()); // And never an answer.
        deadly.start();
        var server = start("");
        try (var inbox = new Inbox()) {
            subscribe(server, inbox, "system.alert");
            var task =
                    ask(
                            server,
                            "POST",
                            "/api/v1/tasks",
                            """
                            {"name":"deadly","retry":{"attempts":10},
                             "action":{"http":{"url":"http://127.0.0.1:%d/"}}}
                            """
                                    .formatted(deadly.getAddress().getPort()));
            ask(server, "POST", "/api/v1/tasks/" + task.path("id") + "/execute", "");
            for (int deaths = 1; deaths <= 3; deaths++) {
                int seen = deaths;
                await(() -> calls.get() >= seen);
                server.kill();
                server.restart();
            }
            await(
                    () ->
                            data(inbox, 0).stream()
                                    .anyMatch(
                                            data ->
                                                    data.path("alert")
                                                            .asText()
                                                            .equals("task.quarantined")));
            assertThat(calls).hasValue(3);
        } finally {
            server.kill();
            deadly.stop(0);
        }
    }

    private JsonNode ask(ServerProcess server, String method, String path, String body)
            throws IOException, InterruptedException {
        var request =
                HttpRequest.newBuilder(server.uri(path))
                        .header("Authorization", "Bearer " + server.key())
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build();
        var answer = client.send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 202);
        return Json.read(answer.body());
    }
}
