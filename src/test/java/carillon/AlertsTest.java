package carillon;

import static org.assertj.core.api.Assertions.assertThat;

import carillon.courier.Inbox;
import carillon.egress.AllowList;
import carillon.egress.EgressSettings;
import carillon.json.Json;
import carillon.perform.ChatServer;
import carillon.store.StoreSettings;
import carillon.web.WebSettings;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What a person should look at is told to those who asked for `system.alert`, as it happens. That
/// a task is quarantined takes nodes that die: `KillNineWebhooksTest` has it.
@Timeout(120)
final class AlertsTest {
    @TempDir private Path folder;
    private final HttpClient client = HttpClient.newHttpClient();
    private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);
    private final InstantSource time = () -> Instant.now().plus(ahead.get());
    private Server server;
    private String key;
    private Inbox inbox;

    @BeforeEach
    void start() throws Exception {
        inbox = new Inbox();
        server = open();
        key = server.freshKey().orElseThrow();
        ask(
                "/api/v1/webhooks",
                "{\"url\":\"%s\",\"events\":[\"system.alert\"]}".formatted(inbox.url("/")));
    }

    private Server open() throws IOException {
        var plan =
                new Server.Plan(
                        folder,
                        new StoreSettings.Sqlite(folder),
                        WebSettings.loopback(),
                        Server.Reach.of(
                                new EgressSettings(
                                        AllowList.of(List.of("127.0.0.1")), Set.of(), 100, "test")),
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

    private JsonNode ask(String path, String body) throws IOException, InterruptedException {
        var request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                        .header("Authorization", "Bearer " + key)
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build();
        var answer = client.send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 201);
        return Json.read(answer.body());
    }

    private List<JsonNode> alerts() {
        return inbox.received().stream()
                .map(got -> Json.read(got.body()))
                .filter(told -> told.path("type").asText().equals("system.alert"))
                .map(told -> told.path("data"))
                .toList();
    }

    private JsonNode alert(Predicate<JsonNode> wanted) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(40))
                .until(() -> alerts().stream().anyMatch(wanted));
        return alerts().stream().filter(wanted).findFirst().orElseThrow();
    }

    private static Predicate<JsonNode> named(String alert) {
        return data -> data.path("alert").asText().equals(alert);
    }

    @Test
    void a_budget_that_is_used_up_is_told_as_it_comes_near_and_when_a_run_is_skipped()
            throws Exception {
        try (var provider = new ChatServer(ServerBatchesTest.answer("yes"))) {
            ask(
                    "/api/v1/models",
                    """
                    {"name":"m","provider":"openai","base_url":"%s",
                     "prices":{"input":1000,"output":1000},"defaults":{"max_tokens":5}}
                    """
                            .formatted(provider.url()));
            var task =
                    ask(
                            "/api/v1/tasks",
                            """
                            {"name":"dear","action":{"prompt":{"model":"m","text":"Well?"}},
                             "budget":{"limit":0.05,"period":"month","on_exhausted":"skip"}}
                            """);
            for (int i = 0; i < 5; i++) {
                ask("/api/v1/tasks/" + task.path("id") + "/execute?wait=20s", "");
            }
            var near = alert(data -> data.path("message").asText().contains("is spent to"));
            assertThat(near.path("alert").asText()).startsWith("budget.");
            var skipped = alert(data -> data.path("message").asText().startsWith("task "));
            assertThat(skipped.path("alert").asText()).isEqualTo("budget.exhausted");
            assertThat(skipped.path("severity").asText()).isEqualTo("critical");
        }
    }

    @Test
    void slots_that_were_missed_in_the_dark_are_one_alert() throws Exception {
        for (int i = 0; i < 3; i++) {
            ask(
                    "/api/v1/tasks",
                    """
                    {"name":"every minute","schedule":{"cron":"* * * * *"},
                     "misfire":{"policy":"skip"},
                     "action":{"prompt":{"model":"echo","text":"%d"}}}
                    """
                            .formatted(i));
        }
        server.close();
        ahead.set(Duration.ofHours(1));
        server = open();
        var missed = alert(named("slots.missed"));
        assertThat(missed.path("severity").asText()).isEqualTo("warning");
        assertThat(
                        alerts().stream()
                                .filter(named("slots.missed"))
                                .mapToLong(AlertsTest::slots)
                                .sum())
                .isBetween(3L * 58, 3L * 61);
        assertThat(missed.path("message").asText()).contains("were missed");
    }

    private static long slots(JsonNode alert) {
        return alert.path("slots").asLong();
    }
}
