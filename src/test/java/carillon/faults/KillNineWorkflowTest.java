package carillon.faults;

import static org.assertj.core.api.Assertions.assertThat;

import carillon.json.Json;
import carillon.store.TestPostgres;
import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Kills a server with -9 while a workflow of every shape is under way.
@Timeout(240)
final class KillNineWorkflowTest {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    /// Each asks what no other does, so that what was asked tells which steps were done.
    private static final Map<String, String> WORKFLOWS = new LinkedHashMap<>();

    static {
        WORKFLOWS.put(
                "linear",
                """
                {"shape":"linear","steps":[%s,%s,%s,%s]}
                """
                        .formatted(
                                step("l1", 1, ""),
                                step("l2", 2, ""),
                                step("l3", 3, ""),
                                step("l4", 4, "")));
        WORKFLOWS.put(
                "parallel",
                """
                {"shape":"parallel","steps":[%s,%s,%s,%s]}
                """
                        .formatted(
                                step("p1", 0, ""),
                                step("p2", 0, ""),
                                step("p3", 0, ",\"depends_on\":[\"p1\"]"),
                                step("p4", 0, ",\"depends_on\":[\"p2\",\"p3\"]")));
        WORKFLOWS.put(
                "conditional",
                """
                {"shape":"conditional","steps":[%s,%s,%s]}
                """
                        .formatted(
                                step("c1", 0, ""),
                                step("c2", 0, after("c1", "eq", "\"c1\"")),
                                step("c3", 0, after("c1", "ne", "\"c1\""))));
        WORKFLOWS.put(
                "loop",
                """
                {"shape":"linear","loop":{"max_passes":4},"steps":[%s]}
                """
                        .formatted(step("o1", 1, "")));
        WORKFLOWS.put(
                "approval",
                """
                {"shape":"linear","steps":[%s,{"name":"ask","order":2,
                  "action":{"approval":{"question":"Well?"}}},%s]}
                """
                        .formatted(step("a1", 1, ""), step("a2", 3, "")));
        WORKFLOWS.put(
                "event",
                """
                {"shape":"linear","steps":[%s,{"name":"hear","order":2,
                  "action":{"wait":{"event":"go"}}},{"name":"early","order":3,
                  "action":{"wait":{"event":"early"}}},%s]}
                """
                        .formatted(step("e1", 1, ""), step("e2", 4, "")));
        WORKFLOWS.put(
                "compensation",
                """
                {"shape":"linear","steps":[%s,%s,
                  {"name":"bad","order":3,"inputs":{"x":"input.none"},"action":{"nothing":{}}},
                  %s,%s]}
                """
                        .formatted(
                                step("u1", 1, ""),
                                step("u2", 2, ""),
                                step("undo1", 0, ",\"compensates\":\"u1\""),
                                step("undo2", 0, ",\"compensates\":\"u2\"")));
    }

    private static final String CALLED =
            """
            {"shape":"linear","steps":[%s,%s]}
            """
                    .formatted(step("i1", 1, ""), step("i2", 2, ""));

    private static final String CALLING =
            """
            {"shape":"linear","steps":[%s,
              {"name":"call","order":2,"action":{"task":{"id":%%d}}},%s]}
            """
                    .formatted(step("k1", 1, ""), step("k2", 3, ""));

    private static String step(String name, int order, String more) {
        return """
               {"name":"%s","order":%d%s,"action":{"prompt":{"model":"m","text":"%s"}}}
               """
                .formatted(name, order, more, name);
    }

    private static String after(String step, String op, String value) {
        return """
               ,"depends_on":["%s"],"when":{"path":"steps.%s.output","op":"%s","value":%s}
               """
                .formatted(step, step, op, value);
    }

    @TempDir private Path folder;
    private final HttpClient client = HttpClient.newHttpClient();
    private final Map<String, Integer> asked = new ConcurrentHashMap<>();
    private HttpServer provider;
    private ServerProcess server;

    @BeforeEach
    void startProvider() throws IOException {
        provider =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
        provider.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        provider.createContext("/", this::answer);
        provider.start();
    }

    @AfterEach
    void stop() throws InterruptedException {
        server.kill();
        provider.stop(0);
    }

    /// Says what it was asked.
    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            var question = Json.read(exchange.getRequestBody().readAllBytes());
            var text = question.at("/messages/0/content").asText();
            asked.merge(text, 1, Integer::sum);
            TimeUnit.MILLISECONDS.sleep(400);
            var answer = Json.object();
            var choice = answer.putArray("choices").addObject();
            choice.put("index", 0).put("finish_reason", "stop");
            choice.putObject("message").put("role", "assistant").put("content", text);
            var body = Json.write(answer).getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private JsonNode send(String method, String path, String body)
            throws IOException, InterruptedException {
        var request =
                HttpRequest.newBuilder(server.uri("/api/v1" + path))
                        .header("Authorization", "Bearer " + server.key())
                        .timeout(Duration.ofSeconds(20))
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build();
        var answer = client.send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 299);
        return Json.read(answer.body());
    }

    @Test
    void every_shape_goes_on_where_it_stood_and_no_finished_step_is_done_again() throws Exception {
        outlive("");
    }

    @Test
    void the_same_on_postgresql() throws Exception {
        var database = TestPostgres.newDatabase();
        outlive("database: '" + database.url() + "'\ndatabase-user: " + database.user() + "\n");
    }

    private void outlive(String config) throws Exception {
        int port;
        try (var socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        server = ServerProcess.start(folder, port, client, config);
        send(
                "POST",
                "/models",
                "{\"name\":\"m\",\"provider\":\"openai\",\"base_url\":\"http://127.0.0.1:%d/v1\"}"
                        .formatted(provider.getAddress().getPort()));
        var runs = new LinkedHashMap<String, Long>();
        for (var workflow : WORKFLOWS.entrySet()) {
            runs.put(workflow.getKey(), begun(made(workflow.getKey(), workflow.getValue())));
        }
        runs.put("call", begun(made("call", CALLING.formatted(made("called", CALLED)))));
        send("POST", "/runs/" + runs.get("event") + "/events/early", "{\"n\":1}");
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> asked.keySet().containsAll(Set.of("l2", "p3")));
        var done = done(runs);
        assertThat(done).contains("l1", "p1");
        server.kill();
        assertThat(asked).doesNotContainKeys("l4", "p4", "a2", "e2", "k2");
        server.restart();

        var waiting =
                Awaitility.await()
                        .atMost(PATIENCE)
                        .until(
                                () -> step(runs.get("approval"), "ask"),
                                found -> found.path("reason").asText().contains("approval"));
        send("POST", "/runs/" + waiting.path("id") + "/approve", "");
        send("POST", "/runs/" + runs.get("event") + "/events/go", "{\"n\":2}");
        for (var run : runs.entrySet()) {
            var path = "/runs/" + run.getValue();
            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(() -> send("GET", path, "").path("finished_at").isTextual());
            var whole = send("GET", path, "");
            assertThat(whole.path("state").asText())
                    .as(whole.toString())
                    .isEqualTo(run.getKey().equals("compensation") ? "FAILED" : "SUCCEEDED");
        }
        for (var undone : Set.of("undo1", "undo2")) {
            assertThat(step(runs.get("compensation"), undone).path("state").asText())
                    .isEqualTo("SUCCEEDED");
        }
        assertThat(output(step(runs.get("event"), "early")).path("n").asInt()).isEqualTo(1);
        assertThat(output(step(runs.get("event"), "hear")).path("n").asInt()).isEqualTo(2);
        for (var step : done) {
            assertThat(asked).as("a step that had ended: " + step).containsEntry(step, 1);
        }
        assertThat(asked).containsKeys("l4", "p4", "c2", "a2", "e2", "i2", "k2");
        assertThat(asked).doesNotContainKey("c3");
        assertThat(asked.get("o1")).isBetween(4, 5);
    }

    private long made(String name, String workflow) throws IOException, InterruptedException {
        var task = "{\"name\":\"%s\",\"action\":{\"workflow\":%s}}".formatted(name, workflow);
        return send("POST", "/tasks", task).path("id").asLong();
    }

    private long begun(long task) throws IOException, InterruptedException {
        return send("POST", "/tasks/" + task + "/execute", "").path("id").asLong();
    }

    private static JsonNode output(JsonNode step) {
        return Json.read(step.at("/output/body").asText());
    }

    private JsonNode step(long run, String name) throws IOException, InterruptedException {
        for (var step : send("GET", "/runs/" + run + "/steps", "").path("data")) {
            if (step.path("step").asText().equals(name)) {
                return step;
            }
        }
        return Json.object();
    }

    /// The steps that have ended well, but for that of the loop, which is done again.
    private Set<String> done(Map<String, Long> runs) throws IOException, InterruptedException {
        var done = new HashSet<String>();
        for (var run : runs.values()) {
            for (var step : send("GET", "/runs/" + run + "/steps", "").path("data")) {
                if (step.path("state").asText().equals("SUCCEEDED") && step.path("pass").isNull()) {
                    done.add(step.path("step").asText());
                }
            }
        }
        return done;
    }
}
