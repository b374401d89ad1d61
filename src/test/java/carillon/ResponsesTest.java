package carillon;

import static org.assertj.core.api.Assertions.assertThat;

import carillon.egress.AllowList;
import carillon.egress.EgressSettings;
import carillon.json.Json;
import carillon.store.StoreSettings;
import carillon.web.WebSettings;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What models said, from a prompt that runs to what the API shows of it.
@Timeout(120)
final class ResponsesTest {
    private static final String RESPONSES = "/api/v1/responses";

    private final HttpClient client = HttpClient.newHttpClient();
    private Server server;
    private String key;

    @BeforeEach
    void start(@TempDir Path folder) {
        var egress = new EgressSettings(AllowList.of(List.of()), Set.of(), 10, "Carillon test");
        var plan =
                new Server.Plan(
                        folder,
                        new StoreSettings.Sqlite(folder),
                        WebSettings.loopback(),
                        Server.Reach.of(egress),
                        Map.of(),
                        "node-1",
                        ZoneId.of("UTC"),
                        Server.Work.DEFAULT);
        server = Server.start(plan, InstantSource.system());
        key = server.freshKey().orElseThrow();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private record Got(int status, JsonNode body) {}

    private Got send(String method, String path, String body)
            throws IOException, InterruptedException {
        var request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                        .header("Authorization", "Bearer " + key)
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build();
        var answer = client.send(request, HttpResponse.BodyHandlers.ofString());
        return new Got(answer.statusCode(), Json.read(answer.body()));
    }

    private Got get(String path) throws IOException, InterruptedException {
        return send("GET", path, "");
    }

    private List<Long> found(String query) throws IOException, InterruptedException {
        var got = get(RESPONSES + query);
        assertThat(got.status).as(query + got.body).isEqualTo(200);
        return got.body.path("data").findValues("run_id").stream().map(JsonNode::asLong).toList();
    }

    private static String search(String words) {
        return "?q=" + URLEncoder.encode(words, StandardCharsets.UTF_8);
    }

    private long task(String model, String text) throws IOException, InterruptedException {
        var task =
                """
                {"name":"ask","action":{"prompt":{"model":"%s","text":"%s"}}}
                """
                        .formatted(model, text);
        var made = send("POST", "/api/v1/tasks", task);
        assertThat(made.status).as("%s", made.body).isEqualTo(201);
        return made.body.path("id").asLong();
    }

    private long run(long task) throws IOException, InterruptedException {
        var run = send("POST", "/api/v1/tasks/" + task + "/execute?wait=20s", "");
        assertThat(run.body.path("finished_at").isNull()).as("%s", run.body).isFalse();
        return run.body.path("id").asLong();
    }

    @Test
    void answers_are_listed_found_shown_and_counted_and_go_with_their_task() throws Exception {
        send("POST", "/api/v1/models", "{\"name\":\"parrot\",\"provider\":\"echo\"}");
        long one = task("echo", "The quick brown fox");
        long two = task("parrot", "A slow fox, " + "and on ".repeat(100));
        long first = run(one);
        long second = run(two);
        long third = run(one);

        assertThat(found("")).containsExactly(third, second, first);
        assertThat(found("?task_id=" + one)).containsExactly(third, first);
        assertThat(found("?model=parrot")).containsExactly(second);
        assertThat(found(search("FOX brown"))).containsExactly(third, first);
        assertThat(found(search("\"slow fox\""))).containsExactly(second);
        assertThat(found(search("\"fox slow\""))).isEmpty();
        assertThat(found(search("fox") + "&model=echo&task_id=" + one + "&limit=1"))
                .containsExactly(third);
        assertThat(found("?from=2999-01-01T00:00:00Z")).isEmpty();
        assertThat(found("?to=2999-01-01T00:00:00Z&from=2020-01-01T00:00:00Z")).hasSize(3);

        var page = get(RESPONSES + search("fox") + "&limit=2").body;
        var cursor = page.path("next_cursor").asText();
        assertThat(found(search("fox") + "&limit=2&cursor=" + cursor)).containsExactly(first);

        var listed = page.at("/data/1");
        assertThat(listed.path("excerpt").asText()).hasSize(300);
        assertThat(listed.has("text")).isFalse();
        var whole = get(RESPONSES + "/" + listed.path("id")).body;
        assertThat(whole.path("text").asText()).endsWith("and on ").hasSizeGreaterThan(700);
        assertThat(whole.path("state").asText()).isEqualTo("WHOLE");
        assertThat(whole.path("provider_model").asText()).isEqualTo("parrot");
        assertThat(whole.at("/tokens/total").asLong()).isPositive();
        assertThat(whole.has("cost")).isTrue();

        var run = get("/api/v1/runs?task_id=" + one).body.at("/data/0");
        assertThat(run.at("/tokens/total").asLong())
                .isEqualTo(run.at("/tokens/input").asLong() + run.at("/tokens/output").asLong());
        assertThat(run.path("cost").decimalValue()).isZero();
        assertThat(get("/api/v1/runs/" + first).body.path("tokens")).isEqualTo(run.path("tokens"));

        var usage = get("/api/v1/models/echo/usage").body;
        assertThat(usage.at("/total/requests").asLong()).isEqualTo(2);
        assertThat(usage.at("/data/0/tokens/total").asLong())
                .isEqualTo(2 * run.at("/tokens/total").asLong());

        send("DELETE", "/api/v1/tasks/" + one, "");
        assertThat(found("")).containsExactly(second);
        assertThat(get("/api/v1/models/echo/usage").body.at("/total/requests").asLong())
                .isEqualTo(2);
    }

    @Test
    void a_broken_contract_fails_the_run_and_keeps_the_answer() throws Exception {
        var task =
                """
                {"name":"ask","action":{"prompt":{"model":"echo","text":"Say 1",
                 "schema":{"type":"integer"}}}}
                """;
        var made = send("POST", "/api/v1/tasks", task);
        assertThat(made.body.at("/action/prompt/schema/type").asText()).isEqualTo("integer");
        long id = run(made.body.path("id").asLong());

        var run = get("/api/v1/runs/" + id).body;
        assertThat(run.path("state").asText()).isEqualTo("FAILED");
        assertThat(run.path("attempt").asInt()).isEqualTo(1);
        assertThat(run.path("error").asText())
                .startsWith("the answer does not fit the schema: it is not JSON");
        assertThat(run.at("/output/body").asText()).contains("Say 1");
        var response = get(RESPONSES + "?task_id=" + made.body.path("id")).body.at("/data/0");
        assertThat(response.path("state").asText()).isEqualTo("REJECTED");
        assertThat(get("/api/v1/models/echo/usage").body.at("/total/requests").asLong())
                .isEqualTo(2);

        var remote = task.replace("{\"type\":\"integer\"}", "{\"$ref\":\"http://127.0.0.1/s\"}");
        var refused = send("POST", "/api/v1/tasks", remote);
        assertThat(refused.status).isEqualTo(400);
        assertThat(refused.body.at("/errors/0/field").asText()).isEqualTo("action.prompt.schema");
    }

    @Test
    void what_cannot_be_asked_is_refused_by_name() throws Exception {
        var bad =
                Map.of(
                        "?q=%21%22",
                        "q",
                        "?q=" + "x".repeat(501),
                        "q",
                        "?task_id=x",
                        "task_id",
                        "?from=yesterday",
                        "from",
                        "?limit=0",
                        "limit",
                        "?cursor=x",
                        "cursor");
        for (var entry : bad.entrySet()) {
            var got = get(RESPONSES + entry.getKey());
            assertThat(got.status).as(entry.getKey()).isEqualTo(400);
            assertThat(got.body.at("/errors/0/field").asText()).isEqualTo(entry.getValue());
        }
        assertThat(get(RESPONSES + "/1").status).isEqualTo(404);
        assertThat(get(RESPONSES + "/x").status).isEqualTo(404);
        var usage = "/api/v1/models/echo/usage";
        var far = usage + "?from=2020-01-01T00:00:00Z&to=2026-01-01T00:00:00Z";
        assertThat(get(far).status).isEqualTo(400);
        var turned = usage + "?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z";
        assertThat(get(turned).status).isEqualTo(400);
        assertThat(get("/api/v1/models/nobody/usage").status).isEqualTo(404);
    }
}
