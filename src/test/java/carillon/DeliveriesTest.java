package carillon;

import static org.assertj.core.api.Assertions.assertThat;

import carillon.ai.AdministratorModels;
import carillon.courier.Inbox;
import carillon.egress.AllowList;
import carillon.egress.EgressSettings;
import carillon.json.Json;
import carillon.store.StoreSettings;
import carillon.store.TestPostgres;
import carillon.web.WebSettings;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Whole servers that bring outputs to real targets on loopback.
@Timeout(120)
final class DeliveriesTest {
    @TempDir private Path folder;
    private final HttpClient client = HttpClient.newHttpClient();
    private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);
    private final InstantSource time = () -> Instant.now().plus(ahead.get());
    private Optional<Server> running = Optional.empty();
    private String key = "";

    @BeforeEach
    void make_the_root() throws IOException {
        Files.createDirectory(folder.resolve("files"));
    }

    @AfterEach
    void stop() {
        running.ifPresent(Server::close);
    }

    private Server start(StoreSettings store, String node) {
        var allow = AllowList.of(List.of("127.0.0.1"));
        var plan =
                new Server.Plan(
                        folder,
                        store,
                        WebSettings.loopback(),
                        new Server.Reach(
                                new EgressSettings(allow, Set.of(), 100, "Carillon test"),
                                AdministratorModels.NONE,
                                Optional.of(folder.resolve("files"))),
                        Map.of(),
                        node,
                        ZoneOffset.UTC,
                        Server.Work.DEFAULT);
        var server = Server.start(plan, time);
        server.freshKey().ifPresent(fresh -> key = fresh);
        running = Optional.of(server);
        return server;
    }

    private Server start() {
        return start(new StoreSettings.Sqlite(folder), "one");
    }

    private JsonNode ask(String method, String path, String body)
            throws IOException, InterruptedException {
        var uri = URI.create("http://127.0.0.1:" + running.orElseThrow().port() + path);
        var request =
                HttpRequest.newBuilder(uri)
                        .header("Authorization", "Bearer " + key)
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build();
        var answer = client.send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 201);
        return Json.read(answer.body());
    }

    private void quickRetries(String type, int attempts) throws Exception {
        ask(
                "PUT",
                "/api/v1/processors/" + type + "/config",
                "{\"retry\":{\"attempts\":%d,\"initial\":\"20ms\",\"max\":\"50ms\"}}"
                        .formatted(attempts));
    }

    /// Runs a task that greets, with these processors, and returns the path of its run.
    private String run(String processors, String more) throws Exception {
        var task =
                """
                {"name":"greeting","action":{"prompt":{"model":"echo","text":"Guten Tag"}},
                 "processors":[%s]%s}
                """
                        .formatted(processors, more);
        var id = ask("POST", "/api/v1/tasks", task).path("id");
        return execute("/api/v1/tasks/" + id);
    }

    private String execute(String task) throws Exception {
        var run = ask("POST", task + "/execute?wait=20s", "");
        assertThat(run.path("state").asText()).isEqualTo("SUCCEEDED");
        return "/api/v1/runs/" + run.path("id");
    }

    private JsonNode deliveries(String run) throws Exception {
        return ask("GET", run + "/deliveries", "").path("data");
    }

    private JsonNode awaitEnd(String run) {
        var last = new AtomicReference<>(Json.array());
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(
                        () -> {
                            last.set((ArrayNode) deliveries(run));
                            return !last.get().findValuesAsText("state").contains("PENDING");
                        });
        return last.get();
    }

    @Test
    void an_answer_goes_to_every_processor_of_the_chain() throws Exception {
        var mail = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
        mail.start();
        start();
        try (var inbox = new Inbox()) {
            ask(
                    "PUT",
                    "/api/v1/processors/email/config",
                    """
                    {"host":"127.0.0.1","port":%d,"from":"c@example.com","starttls":false}
                    """
                            .formatted(mail.getSmtp().getPort()));
            ask(
                    "PUT",
                    "/api/v1/processors/github/config",
                    "{\"token\":\"t\",\"base_url\":\"%s\"}".formatted(inbox.url("/github")));
            var run =
                    run(
                            """
                            {"type":"console"},
                            {"type":"file","config":{"path":"out/{{run_id}}.txt"}},
                            {"type":"webhook","config":{"url":"%s","secret":"hush"}},
                            {"type":"slack","config":{"url":"%s"}},
                            {"type":"teams","config":{"url":"%s"}},
                            {"type":"email","config":{"to":"ann@example.com"}},
                            {"type":"github","config":{"repository":"a/b"}}
                            """
                                    .formatted(
                                            inbox.url("/hook"),
                                            inbox.url("/slack"),
                                            inbox.url("/teams")),
                            "");

            var ended = awaitEnd(run);
            assertThat(ended.findValuesAsText("state")).hasSize(7).containsOnly("DELIVERED");
            assertThat(ended.findValuesAsText("attempts")).containsOnly("1");
            assertThat(ended.get(3).path("target").asText()).endsWith("/***");
            assertThat(inbox.received())
                    .extracting(Inbox.Received::path)
                    .containsExactlyInAnyOrder(
                            "/hook", "/slack", "/teams", "/github/repos/a/b/issues");
            assertThat(inbox.received()).allMatch(got -> got.body().contains("Guten Tag"));
            try (var files = Files.list(folder.resolve("files/out"))) {
                assertThat(files).singleElement().asString().endsWith(".txt");
            }
            assertThat(mail.getReceivedMessages()).hasSize(1);
            assertThat(mail.getReceivedMessages()[0].getSubject()).isEqualTo("greeting");
        } finally {
            mail.stop();
        }
    }

    @Test
    void what_fails_is_tried_again_with_the_same_id_until_it_is_there() throws Exception {
        start();
        try (var inbox = new Inbox(503, 429)) {
            quickRetries("webhook", 5);
            var run =
                    run(
                            "{\"type\":\"webhook\",\"config\":{\"url\":\""
                                    + inbox.url("/")
                                    + "\"}}",
                            "");

            var ended = awaitEnd(run).get(0);
            assertThat(ended.path("state").asText()).isEqualTo("DELIVERED");
            assertThat(ended.path("attempts").asInt()).isEqualTo(3);
            assertThat(ended.path("error").isNull()).isTrue();
            assertThat(inbox.received())
                    .extracting(got -> got.headers().get("webhook-id"))
                    .containsOnly("dlv_" + ended.path("id"))
                    .hasSize(3);
            assertThat(inbox.received())
                    .extracting(Inbox.Received::body)
                    .containsOnly(inbox.received().getFirst().body());
        }
    }

    @Test
    void what_cannot_succeed_is_given_up_and_the_run_stays_as_it_is() throws Exception {
        start();
        try (var gone = new Inbox(410);
                var down = new Inbox(500, 500, 500)) {
            quickRetries("webhook", 2);
            var run =
                    run(
                            """
                            {"type":"webhook","config":{"url":"%s"}},
                            {"type":"webhook","config":{"url":"%s"}}
                            """
                                    .formatted(gone.url("/"), down.url("/")),
                            "");

            var ended = awaitEnd(run);
            assertThat(ended.findValuesAsText("state")).containsExactly("FAILED", "FAILED");
            assertThat(ended.findValuesAsText("error"))
                    .containsExactly(
                            "answered 410 Gone",
                            "answered 500 Internal Server Error (given up after 2 attempts)");
            assertThat(ended.findValuesAsText("attempts")).containsExactly("1", "2");
            assertThat(ask("GET", run, "").path("state").asText()).isEqualTo("SUCCEEDED");
        }
    }

    @Test
    void on_change_only_what_differs_is_sent() throws Exception {
        start();
        try (var inbox = new Inbox()) {
            var webhook = "{\"type\":\"webhook\",\"config\":{\"url\":\"" + inbox.url("/") + "\"}}";
            var run = run(webhook, ",\"notify\":\"on_change\"");
            assertThat(awaitEnd(run).get(0).path("state").asText()).isEqualTo("DELIVERED");
            var task = "/api/v1/tasks/" + ask("GET", run, "").path("task_id");
            var again = awaitEnd(execute(task)).get(0);
            assertThat(again.path("state").asText()).isEqualTo("SKIPPED");
            assertThat(again.path("error").asText()).contains("the run before");
            assertThat(inbox.received()).hasSize(1);
        }
    }

    @Test
    void the_output_of_a_call_is_processed_as_well() throws Exception {
        start();
        try (var target = new Inbox();
                var inbox = new Inbox()) {
            var task =
                    """
                    {"name":"call","action":{"http":{"url":"%s"}},"processors":[
                     {"type":"webhook","config":{"url":"%s"},
                      "template":"{{status_code}} {{task}}"}]}
                    """
                            .formatted(target.url("/"), inbox.url("/"));
            var run = execute("/api/v1/tasks/" + ask("POST", "/api/v1/tasks", task).path("id"));
            awaitEnd(run);
            assertThat(inbox.received().getFirst().body()).isEqualTo("200 call");
        }
    }

    @Test
    void a_delivery_outlasts_the_server_that_did_not_bring_it() throws Exception {
        outlast(new StoreSettings.Sqlite(folder));
    }

    @Test
    void a_delivery_outlasts_the_node_that_did_not_bring_it_on_postgresql() throws Exception {
        outlast(TestPostgres.newDatabase());
    }

    /// The first server finds the target down; the second, later, finds it up.
    private void outlast(StoreSettings store) throws Exception {
        try (var inbox = new Inbox()) {
            inbox.answerFromNowOn(503);
            var first = start(store, "one");
            var run =
                    run(
                            "{\"type\":\"webhook\",\"config\":{\"url\":\""
                                    + inbox.url("/")
                                    + "\"}}",
                            "");
            Awaitility.await().until(() -> deliveries(run).get(0).path("error").isTextual());
            assertThat(deliveries(run).get(0).path("state").asText()).isEqualTo("PENDING");
            first.close();
            inbox.answerFromNowOn(200);
            ahead.set(Duration.ofMinutes(2));
            start(store, "two");

            var ended = awaitEnd(run).get(0);
            assertThat(ended.path("state").asText()).isEqualTo("DELIVERED");
            assertThat(ended.path("attempts").asInt()).isGreaterThanOrEqualTo(2);
            assertThat(inbox.received())
                    .extracting(got -> got.headers().get("webhook-id"))
                    .containsOnly("dlv_" + ended.path("id"))
                    .hasSize(ended.path("attempts").asInt());
        }
    }
}
