package carillon.dialect.gptrunner;

import static org.assertj.core.api.Assertions.assertThat;

import carillon.WholeServer;
import carillon.courier.Inbox;
import carillon.json.Json;
import com.fasterxml.jackson.databind.JsonNode;
import com.standardwebhooks.Webhook;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The webhooks of GPT Task Runner's document, on a whole server with a real receiver.
@Timeout(120)
final class GptWebhooksTest {
    private static final String API = "/gpt-task-runner/api/v1";
    private static final String WEBHOOKS = API + "/webhooks";
    private static final String SECRET = "your-webhook-secret";

    @TempDir private Path folder;
    private WholeServer server;

    @BeforeEach
    void start() throws Exception {
        server = WholeServer.start(folder);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static String body(Inbox inbox, String events) {
        return """
               {"url":"%s","events":[%s],"secret":"%s","extra":true}
               """
                .formatted(inbox.url("/webhook"), events, SECRET);
    }

    private JsonNode subscribe(Inbox inbox, String events) throws Exception {
        var made = server.ask("POST", WEBHOOKS, body(inbox, events));
        assertThat(made.status()).as(made.whole().body()).isEqualTo(201);
        return made.body().path("data");
    }

    private static List<String> types(Inbox inbox) {
        return inbox.received().stream()
                .map(got -> Json.read(got.body()).path("type").asText())
                .toList();
    }

    private static JsonNode told(Inbox inbox, String type) {
        return inbox.received().stream()
                .map(got -> Json.read(got.body()))
                .filter(body -> body.path("type").asText().equals(type))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void webhooks_are_made_listed_changed_and_deleted() throws Exception {
        try (var inbox = new Inbox()) {
            var made = subscribe(inbox, "\"task.completed\",\"batch.finished\",\"system.alert\"");
            assertThat(made.path("id").asText()).matches("webhook-\\d+");
            assertThat(made.path("secret").asText()).isEqualTo("***");
            assertThat(made.path("isActive").asBoolean()).isTrue();
            assertThat(made.path("events").toString())
                    .isEqualTo("[\"task.completed\",\"batch.completed\",\"system.alert\"]");
            var path = WEBHOOKS + "/" + made.path("id").asText();
            assertThat(server.get(path).path("data")).isEqualTo(made);
            var list = server.get(WEBHOOKS).path("data");
            assertThat(list.path("webhooks").get(0)).isEqualTo(made);
            assertThat(list.at("/pagination/total").asInt()).isEqualTo(1);
            var changed =
                    server.ask("PATCH", path, "{\"isActive\":false,\"events\":[\"task.failed\"]}");
            assertThat(changed.body().at("/data/isActive").asBoolean()).isFalse();
            assertThat(server.ask("DELETE", path, "").body().path("message").asText())
                    .isEqualTo("Webhook deleted successfully");
            assertThat(server.ask("GET", path, "").status()).isEqualTo(404);
            assertThat(server.ask("DELETE", path, "").status()).isEqualTo(404);
        }
    }

    @Test
    void a_task_is_told_of_signed_and_in_the_words_of_this_api() throws Exception {
        try (var inbox = new Inbox()) {
            subscribe(inbox, "\"task.created\",\"task.started\",\"task.completed\"");
            server.post(API + "/tasks", "{\"id\":\"task-9\",\"prompt\":\"Hi\",\"model\":\"echo\"}");
            Awaitility.await().until(() -> types(inbox).contains("task.completed"));
            assertThat(types(inbox)).contains("task.created", "task.started");
            var data = told(inbox, "task.completed").path("data");
            assertThat(data.path("id").asText()).isEqualTo("task-9");
            assertThat(data.path("status").asText()).isEqualTo("completed");
            assertThat(data.at("/result/content").asText()).contains("Hi");
            for (var got : inbox.received()) {
                verify(got);
            }
        }
    }

    private static void verify(Inbox.Received got) throws Exception {
        var headers =
                HttpHeaders.of(
                        Map.of(
                                "webhook-id", List.of(got.headers().get("webhook-id")),
                                "webhook-timestamp",
                                        List.of(got.headers().get("webhook-timestamp")),
                                "webhook-signature",
                                        List.of(got.headers().get("webhook-signature"))),
                        (_, _) -> true);
        var key = Base64.getEncoder().encodeToString(SECRET.getBytes(StandardCharsets.UTF_8));
        new Webhook(key).verify(got.body(), headers);
    }

    @Test
    void batches_and_scheduled_files_are_told_of() throws Exception {
        Files.writeString(server.file("in.csv"), "id,prompt\na,Hello\n");
        try (var inbox = new Inbox()) {
            subscribe(
                    inbox,
                    "\"batch.created\",\"batch.started\",\"batch.completed\",\"batch.failed\","
                            + "\"scheduled_task.executed\"");
            server.post(
                    API + "/batches",
                    "{\"id\":\"b\",\"tasks\":[{\"prompt\":\"x\",\"model\":\"echo\"}]}");
            server.post(API + "/batches/b/execute", "");
            Awaitility.await().until(() -> types(inbox).contains("batch.completed"));
            assertThat(types(inbox)).contains("batch.created", "batch.started");
            assertThat(told(inbox, "batch.completed").at("/data/id").asText()).isEqualTo("b");
            server.post(API + "/batches", "{\"id\":\"f\",\"inputFile\":\"none.csv\"}");
            server.post(API + "/batches/f/execute", "");
            Awaitility.await().until(() -> types(inbox).contains("batch.failed"));
            assertThat(told(inbox, "batch.failed").at("/data/error").asText()).isNotEmpty();
            server.post(
                    API + "/scheduled-tasks",
                    """
                    {"name":"often","schedule":"* * * * * *","prompt":"x","config":{"model":"echo"}}
                    """);
            Awaitility.await().until(() -> types(inbox).contains("scheduled_task.executed"));
            assertThat(told(inbox, "scheduled_task.executed").at("/data/id").asText())
                    .startsWith("sched-");
        }
    }

    @Test
    void a_test_is_sent_at_once_and_tells_how_it_went() throws Exception {
        try (var inbox = new Inbox()) {
            var path = WEBHOOKS + "/" + subscribe(inbox, "\"task.failed\"").path("id").asText();
            var sent = server.post(path + "/test", "");
            assertThat(sent.at("/data/delivered").asBoolean()).isTrue();
            assertThat(types(inbox)).containsExactly("webhook.test");
            inbox.answerFromNowOn(500);
            var failed = server.post(path + "/test", "");
            assertThat(failed.at("/data/delivered").asBoolean()).isFalse();
            assertThat(failed.at("/data/statusCode").asInt()).isEqualTo(500);
        }
    }

    @Test
    void what_is_wrong_is_told_by_field() throws Exception {
        for (var sent :
                Map.of(
                                "{\"events\":[\"task.failed\"]}", "url",
                                "{\"url\":\"ftp://x\",\"events\":[\"task.failed\"]}", "url",
                                "{\"url\":\"http://127.0.0.1/\"}", "events",
                                "{\"url\":\"http://127.0.0.1/\",\"events\":[\"task.done\"]}",
                                        "events")
                        .entrySet()) {
            var said = server.ask("POST", WEBHOOKS, sent.getKey());
            assertThat(said.status()).as(sent.getKey()).isEqualTo(400);
            assertThat(said.body().at("/error/code").asText()).isEqualTo("VALIDATION_ERROR");
            assertThat(said.body().at("/error/details").has(sent.getValue())).isTrue();
        }
        assertThat(server.ask("POST", WEBHOOKS + "/webhook-1/test", "").status()).isEqualTo(404);
    }
}
