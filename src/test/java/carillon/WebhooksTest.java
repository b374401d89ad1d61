package carillon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import carillon.courier.Inbox;
import carillon.egress.AllowList;
import carillon.egress.EgressSettings;
import carillon.json.Json;
import carillon.store.StoreSettings;
import carillon.web.WebSettings;
import com.fasterxml.jackson.databind.JsonNode;
import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A whole server that tells a receiver on loopback what happens.
@Timeout(120)
final class WebhooksTest {
    private static final String WEBHOOKS = "/api/v1/webhooks";
    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    @TempDir private Path folder;
    private final HttpClient client = HttpClient.newHttpClient();
    private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);
    private final InstantSource time = () -> Instant.now().plus(ahead.get());
    private Server server;
    private String key;
    private Inbox inbox;

    @BeforeEach
    void start() throws IOException {
        inbox = new Inbox();
        server = open("127.0.0.1");
        key = server.freshKey().orElseThrow();
    }

    private Server open(String allowed) {
        var plan =
                new Server.Plan(
                        folder,
                        new StoreSettings.Sqlite(folder),
                        WebSettings.loopback(),
                        Server.Reach.of(
                                new EgressSettings(
                                        AllowList.of(List.of(allowed)), Set.of(), 100, "test")),
                        Map.of(),
                        "one",
                        ZoneOffset.UTC,
                        Server.Work.DEFAULT);
        return Server.start(plan, time);
    }

    @AfterEach
    void stop() {
        server.close();
        inbox.close();
    }

    private HttpResponse<String> send(String method, String path, String body)
            throws IOException, InterruptedException {
        var uri = URI.create("http://127.0.0.1:" + server.port() + path);
        var request =
                HttpRequest.newBuilder(uri)
                        .header("Authorization", "Bearer " + key)
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private JsonNode ask(String method, String path, String body) throws Exception {
        var answer = send(method, path, body);
        assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 201);
        return Json.read(answer.body());
    }

    private JsonNode subscribe(String events, String secret) throws Exception {
        var body =
                "{\"url\":\"%s\",\"events\":%s,\"secret\":\"%s\"}"
                        .formatted(inbox.url("/hook?token=x"), events, secret);
        return ask("POST", WEBHOOKS, body);
    }

    private static Webhook verifier(String secret) {
        return secret.startsWith("whsec_")
                ? new Webhook(secret)
                : new Webhook(secret.getBytes(StandardCharsets.UTF_8));
    }

    private static HttpHeaders headers(Inbox.Received received) {
        var values =
                received.headers().entrySet().stream()
                        .collect(
                                Collectors.toMap(
                                        Map.Entry::getKey, entry -> List.of(entry.getValue())));
        return HttpHeaders.of(values, (_, _) -> true);
    }

    private static void verify(String secret, Inbox.Received received) throws Exception {
        verifier(secret).verify(received.body(), headers(received));
    }

    private List<Inbox.Received> arrived(int count) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(40))
                .until(() -> inbox.received().size() >= count);
        return inbox.received();
    }

    private void run(String answer) throws Exception {
        var task =
                ("{\"name\":\"greeting\",\"action\":"
                                + "{\"prompt\":{\"model\":\"echo\",\"text\":\"%s\"}}}")
                        .formatted(answer);
        var id = ask("POST", "/api/v1/tasks", task).path("id");
        ask("POST", "/api/v1/tasks/" + id + "/execute?wait=20s", "");
    }

    private static List<String> types(List<Inbox.Received> received) {
        return received.stream().map(one -> Json.read(one.body()).path("type").asText()).toList();
    }

    @Test
    void a_subscriber_is_told_of_a_run_and_can_verify_it() throws Exception {
        subscribe("[\"task.created\",\"task.started\",\"task.completed\"]", SECRET);

        run("Guten Tag");

        var told = arrived(3);
        assertThat(types(told))
                .containsExactlyInAnyOrder("task.created", "task.started", "task.completed");
        for (var one : told) {
            verify(SECRET, one);
            var wrong = new Inbox.Received(one.path(), one.headers(), one.body() + " ");
            assertThatThrownBy(() -> verify(SECRET, wrong))
                    .isInstanceOf(WebhookVerificationException.class);
            assertThat(one.path()).isEqualTo("/hook?token=x");
            var body = Json.read(one.body());
            assertThat(body.path("data").path("task").asText()).isEqualTo("greeting");
            assertThat(Instant.parse(body.path("timestamp").asText())).isBefore(Instant.MAX);
        }
        var done =
                told.stream()
                        .map(one -> Json.read(one.body()))
                        .filter(body -> body.path("type").asText().equals("task.completed"))
                        .findFirst()
                        .orElseThrow();
        assertThat(done.at("/data/output").asText()).contains("Guten Tag");
        assertThat(done.at("/data/state").asText()).isEqualTo("SUCCEEDED");
    }

    @Test
    void a_plain_secret_signs_with_its_own_bytes() throws Exception {
        subscribe("[\"task.created\"]", "your-webhook-secret");

        run("x");

        verify("your-webhook-secret", arrived(1).getFirst());
    }

    @Test
    void nobody_is_told_of_what_was_not_subscribed_to() throws Exception {
        subscribe("[\"task.failed\"]", SECRET);
        run("x");
        subscribe("[\"task.completed\"]", SECRET);
        run("y");

        assertThat(types(arrived(1))).containsExactly("task.completed");
        assertThat(arrived(1).getFirst().body()).contains("y");
    }

    @Test
    void a_failing_target_is_tried_again_under_the_same_id_and_both_tries_are_logged()
            throws Exception {
        var failing = new Inbox(500);
        inbox.close();
        inbox = failing;
        var id = subscribe("[\"task.completed\"]", SECRET).path("id");
        run("x");
        arrived(1);

        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(
                        () ->
                                delivery(id).path("attempts").asInt() == 1
                                        && delivery(id).path("status").asInt() == 500);
        ask(
                "POST",
                WEBHOOKS + "/" + id + "/deliveries/" + delivery(id).path("id") + "/redeliver",
                "");
        var told = arrived(2);

        assertThat(told.get(0).headers().get("webhook-id"))
                .isEqualTo(told.get(1).headers().get("webhook-id"))
                .isEqualTo(delivery(id).path("message_id").asText());
        assertThat(told.get(0).body()).isEqualTo(told.get(1).body());
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(() -> delivery(id).path("state").asText().equals("DELIVERED"));
        var whole = ask("GET", WEBHOOKS + "/" + id + "/deliveries/" + delivery(id).path("id"), "");
        assertThat(whole.at("/tries/0/status").asInt()).isEqualTo(500);
        assertThat(whole.at("/tries/0/error").asText()).startsWith("answered 500");
        assertThat(whole.at("/tries/1/status").asInt()).isEqualTo(200);
        assertThat(whole.at("/payload/type").asText()).isEqualTo("task.completed");
    }

    private JsonNode delivery(JsonNode id) throws Exception {
        return ask("GET", WEBHOOKS + "/" + id + "/deliveries", "").at("/data/0");
    }

    @Test
    void after_a_rotation_both_secrets_verify_for_a_while_and_then_the_new_one_alone()
            throws Exception {
        var id = subscribe("[\"task.created\"]", SECRET).path("id");
        var path = WEBHOOKS + "/" + id;
        var rotated = ask("POST", path + "/rotate", "{\"overlap\":\"1h\"}");
        var next = rotated.path("secret").asText();
        assertThat(next).startsWith("whsec_");
        assertThat(rotated.path("old_secret_until").isTextual()).isTrue();

        ask("POST", path + "/test", "");
        var both = arrived(1).getFirst();
        verify(SECRET, both);
        verify(next, both);

        ahead.set(Duration.ofMinutes(61));
        ask("POST", path + "/test", "");
        var late = arrived(2).get(1);
        assertThat(late.headers().get("webhook-signature")).doesNotContain(" ");
        assertThat(ask("GET", path, "").path("old_secret_until").isNull()).isTrue();
    }

    @Test
    void a_target_that_is_gone_ends_its_subscription_and_the_others_are_told() throws Exception {
        subscribe("[\"system.alert\"]", SECRET);
        try (var gone = new Inbox(410)) {
            var id =
                    ask(
                                    "POST",
                                    WEBHOOKS,
                                    "{\"url\":\"%s\",\"events\":[\"task.created\"]}"
                                            .formatted(gone.url("/")))
                            .path("id");
            run("x");

            var alert = Json.read(arrived(1).getFirst().body());
            assertThat(alert.path("type").asText()).isEqualTo("system.alert");
            assertThat(alert.at("/data/alert").asText()).isEqualTo("webhook.disabled");
            assertThat(alert.at("/data/webhook_id")).isEqualTo(id);
            var shown = ask("GET", WEBHOOKS + "/" + id, "");
            assertThat(shown.path("active").booleanValue()).isFalse();
            assertThat(shown.path("reason").asText()).contains("410");

            run("while it is off");
            var again = ask("PATCH", WEBHOOKS + "/" + id, "{\"active\":true}");
            assertThat(again.path("reason").isNull()).isTrue();
            run("on again");
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> gone.received().size() == 2);
        }
    }

    @Test
    void a_test_tells_how_it_went() throws Exception {
        var id = subscribe("[\"task.failed\"]", SECRET).path("id");

        var good = ask("POST", WEBHOOKS + "/" + id + "/test", "");
        assertThat(good.path("state").asText()).isEqualTo("DELIVERED");
        assertThat(good.path("status").asInt()).isEqualTo(200);
        verify(SECRET, arrived(1).getFirst());

        inbox.answerFromNowOn(404);
        var bad = ask("POST", WEBHOOKS + "/" + id + "/test", "");
        assertThat(bad.path("state").asText()).isEqualTo("FAILED");
        assertThat(bad.path("error").asText()).startsWith("answered 404");
        assertThat(ask("GET", WEBHOOKS + "/" + id, "").path("failing_since").isNull()).isTrue();
    }

    @Test
    void a_target_that_may_not_be_reached_is_refused() throws Exception {
        server.close();
        server = open("192.0.2.1");
        var id = subscribe("[\"task.failed\"]", SECRET).path("id");

        var test = ask("POST", WEBHOOKS + "/" + id + "/test", "");

        assertThat(test.path("state").asText()).isEqualTo("FAILED");
        assertThat(test.path("status").isNull()).isTrue();
        assertThat(inbox.received()).isEmpty();
    }

    @Test
    void secrets_are_masked_and_do_not_follow_to_another_host() throws Exception {
        var made = subscribe("[\"batch.finished\"]", SECRET);
        assertThat(made.path("secret").asText()).isEqualTo("***");
        assertThat(made.path("events")).hasToString("[\"batch.completed\"]");
        var path = WEBHOOKS + "/" + made.path("id");

        assertThat(
                        ask("PATCH", path, "{\"secret\":\"***\",\"description\":\"d\"}")
                                .path("description")
                                .asText())
                .isEqualTo("d");
        var moved = "{\"secret\":\"***\",\"url\":\"https://example.com/\"}";
        assertThat(send("PATCH", path, moved).statusCode()).isEqualTo(400);
        assertThat(ask("GET", path, "").toString()).doesNotContain(SECRET);
        assertThat(ask("GET", "/api/v1/audit", "").toString())
                .contains("webhook.create", "webhook.update")
                .doesNotContain(SECRET);
        var generated =
                ask(
                        "POST",
                        WEBHOOKS,
                        "{\"url\":\"https://a.example/\",\"events\":[\"task.failed\"]}");
        assertThat(generated.path("secret").asText()).startsWith("whsec_");
        assertThat(ask("DELETE", path, "").path("deleted").booleanValue()).isTrue();
        assertThat(send("GET", path, "").statusCode()).isEqualTo(404);
        assertThat(ask("GET", WEBHOOKS, "").path("data")).hasSize(1);
    }

    @Test
    void bad_subscriptions_are_refused() throws Exception {
        for (var body :
                List.of(
                        "{}",
                        "{\"url\":\"https://a.example\"}",
                        "{\"url\":\"ftp://a.example\",\"events\":[\"task.failed\"]}",
                        "{\"url\":\"https://u:p@a.example\",\"events\":[\"task.failed\"]}",
                        "{\"url\":\"https://a.example\",\"events\":[]}",
                        "{\"url\":\"https://a.example\",\"events\":[\"task.exploded\"]}",
                        "{\"url\":\"https://a.example\",\"events\":[\"webhook.test\"]}",
                        "{\"url\":\"https://a.example\",\"events\":[\"task.failed\"],"
                                + "\"secret\":\"\"}",
                        "{\"url\":\"https://a.example\",\"events\":[\"task.failed\"],"
                                + "\"secret\":\"whsec_!\"}",
                        "{\"url\":\"https://a.example\",\"events\":[\"task.failed\"],"
                                + "\"secret\":\"***\"}",
                        "{\"url\":\"https://a.example\",\"events\":[\"task.failed\"],\"x\":1}",
                        "[]")) {
            assertThat(send("POST", WEBHOOKS, body).statusCode()).as(body).isEqualTo(400);
        }
        assertThat(send("GET", WEBHOOKS + "/1/deliveries", "").statusCode()).isEqualTo(404);
        assertThat(send("POST", WEBHOOKS + "/1/rotate", "").statusCode()).isEqualTo(404);
    }
}
