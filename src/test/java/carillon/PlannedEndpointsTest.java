package carillon;

import static org.assertj.core.api.Assertions.assertThat;

import carillon.api.ApiDocument;
import carillon.egress.AllowList;
import carillon.egress.EgressSettings;
import carillon.json.Json;
import carillon.store.StoreSettings;
import carillon.web.WebSettings;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The endpoints that CronAI's document plans: each with its answer and its refusals, all of which
/// must be in the OpenAPI document.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(180)
final class PlannedEndpointsTest {
    private static final String TASK =
            """
            {"name":"ask","schedule":{"every":"1h"},
             "action":{"prompt":{"model":"echo","text":"Good morning"}}}
            """;
    private static final String PROMPT =
            """
            {"name":"%s","text":"Hello {{who}}","variables":[{"name":"who"}]}
            """;
    private static final String MODEL = "{\"name\":\"%s\",\"provider\":\"echo\"}";

    /// `path` names one of the [#ids] in braces. A `body` is empty where none is taken.
    record Planned(String method, String path, int status, String body) {
        boolean isAboutOne() {
            return path.contains("{");
        }

        /// Every planned list but that of the processors, which are a handful.
        boolean isPaged() {
            return method.equals("GET") && !isAboutOne() && !path.equals("processors");
        }

        @Override
        public String toString() {
            return method + " /api/v1/" + path;
        }
    }

    private static Stream<Planned> planned() {
        return Stream.of(
                new Planned("GET", "tasks", 200, ""),
                new Planned("POST", "tasks", 201, TASK),
                new Planned("GET", "tasks/{task}", 200, ""),
                new Planned("PUT", "tasks/{task}", 200, TASK.replace("1h", "2h")),
                new Planned("POST", "tasks/{task}/execute", 201, ""),
                new Planned("GET", "prompts", 200, ""),
                new Planned("POST", "prompts", 201, PROMPT.formatted("fourth")),
                new Planned("GET", "prompts/{prompt}", 200, ""),
                new Planned("PUT", "prompts/{prompt}", 200, PROMPT.formatted("fifth")),
                new Planned(
                        "POST", "prompts/{prompt}/test", 200, "{\"variables\":{\"who\":\"you\"}}"),
                new Planned("GET", "models", 200, ""),
                new Planned("GET", "models/{model}/config", 200, ""),
                new Planned("PUT", "models/{model}/config", 200, "{\"timeout\":\"5s\"}"),
                new Planned("POST", "models/{model}/test", 200, "{\"text\":\"hello\"}"),
                new Planned("GET", "processors", 200, ""),
                new Planned("GET", "processors/{processor}/config", 200, ""),
                new Planned("PUT", "processors/{processor}/config", 200, "{}"),
                new Planned("GET", "responses", 200, ""),
                new Planned("GET", "responses/{response}", 200, ""),
                new Planned("DELETE", "tasks/{doomedTask}", 200, ""),
                new Planned("DELETE", "prompts/{doomedPrompt}", 200, ""));
    }

    private static Stream<Planned> withBody() {
        return planned().filter(each -> !each.body().isEmpty());
    }

    private final HttpClient client = HttpClient.newHttpClient();
    private Server server;
    private String admin;
    private String viewer;
    private Map<String, String> ids = Map.of();

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        server = start(folder, 100_000);
        admin = server.freshKey().orElseThrow();
        var key = made("keys", "{\"name\":\"looker\",\"role\":\"viewer\"}");
        viewer = key.path("key").asText();
        for (int i = 0; i < 2; i++) {
            var task = made("tasks", TASK).path("id").asText();
            made("tasks/" + task + "/execute?wait=20s", "{}");
        }
        var task = made("tasks", TASK).path("id").asText();
        made("tasks/" + task + "/execute?wait=20s", "{}");
        var responses = Json.read(ask("GET", "responses", admin, "").body());
        made("prompts", PROMPT.formatted("first"));
        made("prompts", PROMPT.formatted("second"));
        made("models", MODEL.formatted("parrot"));
        made("models", MODEL.formatted("mynah"));
        ids =
                Map.of(
                        "task", task,
                        "doomedTask", made("tasks", TASK).path("id").asText(),
                        "doomedPrompt",
                                made("prompts", PROMPT.formatted("zero")).path("id").asText(),
                        "prompt", made("prompts", PROMPT.formatted("third")).path("id").asText(),
                        "model", made("models", MODEL.formatted("jay")).path("id").asText(),
                        "processor", "webhook",
                        "response", responses.at("/data/0/id").asText());
    }

    private static Server start(Path folder, int requestsPerMinute) {
        var loopback = WebSettings.loopback();
        var web =
                new WebSettings(
                        loopback.main(),
                        Map.of(),
                        OptionalInt.of(requestsPerMinute),
                        loopback.limits());
        var egress = new EgressSettings(AllowList.of(List.of()), Set.of(), 10, "Carillon test");
        return Server.start(
                new Server.Plan(
                        folder,
                        new StoreSettings.Sqlite(folder),
                        web,
                        Server.Reach.of(egress),
                        Map.of(),
                        "node-1",
                        ZoneOffset.UTC,
                        Server.Work.DEFAULT),
                InstantSource.system());
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private JsonNode made(String path, String body) throws Exception {
        var answer = ask("POST", path, admin, body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return Json.read(answer.body());
    }

    private HttpResponse<String> ask(
            String method, String path, String key, String body, String... headers)
            throws IOException, InterruptedException {
        return ask(server, method, path, key, body, headers);
    }

    /// The answer, which the document must tell of.
    private HttpResponse<String> ask(
            Server of, String method, String path, String key, String body, String... headers)
            throws IOException, InterruptedException {
        var uri = URI.create("http://127.0.0.1:" + of.port() + "/api/v1/" + path);
        var request =
                HttpRequest.newBuilder(uri)
                        .method(method, HttpRequest.BodyPublishers.ofString(body));
        if (!key.isEmpty()) {
            request.header("Authorization", "Bearer " + key);
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        var answer = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        ApiDocument.shared().check(answer);
        return answer;
    }

    private HttpResponse<String> ask(Planned one, String key, String body, String... headers)
            throws IOException, InterruptedException {
        return ask(one.method(), path(one), key, body, headers);
    }

    private String path(Planned one) {
        var path = one.path();
        for (var id : ids.entrySet()) {
            path = path.replace("{" + id.getKey() + "}", id.getValue());
        }
        return path;
    }

    /// Every refusal comes before any effect, so this goes through all of them first.
    @Test
    void each_refuses_and_then_answers() throws Exception {
        for (var one : planned().toList()) {
            refusesStrangersAndTheUnknown(one);
            if (one.isPaged()) {
                pages(one);
            }
            var answer = ask(one, admin, one.body());
            assertThat(answer.statusCode()).as(one + ": " + answer.body()).isEqualTo(one.status());
            assertLimitIsTold(answer);
        }
    }

    private void refusesStrangersAndTheUnknown(Planned one) throws Exception {
        var stranger = ask(one, "", one.body());
        assertThat(stranger.statusCode()).as(one.toString()).isEqualTo(401);
        assertThat(stranger.headers().firstValue("WWW-Authenticate")).isPresent();
        assertLimitIsTold(stranger);
        assertThat(ask(one, "car_wrong", one.body()).statusCode()).isEqualTo(401);
        if (!one.method().equals("GET")) {
            assertThat(ask(one, viewer, one.body()).statusCode()).as(one.toString()).isEqualTo(403);
        }
        if (one.isAboutOne()) {
            var nobody = one.path().replaceFirst("\\{\\w+}", "999999");
            var answer = ask(one.method(), nobody, admin, one.body());
            assertThat(answer.statusCode()).as(one + ": " + answer.body()).isEqualTo(404);
        }
    }

    private static void assertLimitIsTold(HttpResponse<String> answer) {
        for (var name :
                List.of("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset")) {
            assertThat(answer.headers().firstValue(name).orElse("")).as(name).matches("\\d+");
        }
    }

    @ParameterizedTest
    @MethodSource("withBody")
    void a_body_that_is_wrong_is_refused(Planned one) throws Exception {
        for (var body : List.of("{", "[]", "{\"nonsense\":1}", "{\"name\":1,\"name\":2}")) {
            var answer = ask(one, admin, body);
            assertThat(answer.statusCode()).as(one + " " + body).isIn(400, 404);
        }
        var unknown = Json.read(ask(one, admin, "{\"nonsense\":1}").body());
        assertThat(unknown.path("errors").findValuesAsText("field"))
                .as(one + ": " + unknown)
                .contains("nonsense");
    }

    @ParameterizedTest
    @MethodSource("withBody")
    void a_body_that_is_compressed_is_refused(Planned one) throws Exception {
        var answer = ask(one, admin, one.body(), "Content-Encoding", "gzip");
        assertThat(answer.statusCode()).as(one.toString()).isEqualTo(415);
    }

    @Test
    void a_change_of_what_has_changed_meanwhile_is_refused() throws Exception {
        var task = "tasks/" + made("tasks", TASK).path("id").asText();
        var prompt = "prompts/" + made("prompts", PROMPT.formatted("sixth")).path("id").asText();
        var model = "models/" + made("models", MODEL.formatted("magpie")).path("id").asText();
        assertLostRaceIsRefused(task, task, TASK.replace("1h", "3h"));
        assertLostRaceIsRefused(prompt, prompt, PROMPT.formatted("seventh"));
        assertLostRaceIsRefused(model, model + "/config", "{\"timeout\":\"7s\"}");
    }

    private void assertLostRaceIsRefused(String shown, String changed, String body)
            throws Exception {
        var seen = ask("GET", shown, admin, "").headers().firstValue("ETag").orElseThrow();
        assertThat(ask("PUT", changed, admin, body, "If-Match", seen).statusCode()).isEqualTo(200);
        var late = ask("PUT", changed, admin, body, "If-Match", seen);
        assertThat(late.statusCode()).as(changed).isEqualTo(412);
    }

    /// There are three or more of each.
    private void pages(Planned one) throws Exception {
        var whole = Json.read(ask("GET", one.path() + "?limit=100", admin, "").body());
        var seen = new ArrayList<JsonNode>();
        var path = one.path() + "?limit=2";
        while (true) {
            var page = Json.read(ask("GET", path, admin, "").body());
            page.path("data").forEach(seen::add);
            assertThat(page.path("data").size()).isLessThanOrEqualTo(2);
            if (page.path("next_cursor").isNull()) {
                break;
            }
            path = one.path() + "?limit=2&cursor=" + page.path("next_cursor").asText();
        }
        assertThat(seen).as(one.toString()).hasSizeGreaterThanOrEqualTo(3);
        assertThat(seen)
                .extracting(item -> item.path("id").asText())
                .isEqualTo(whole.path("data").findValuesAsText("id"));
        for (var wrong : List.of("limit=0", "limit=101", "limit=x", "cursor=!", "cursor=-1")) {
            var answer = ask("GET", one.path() + "?" + wrong, admin, "");
            assertThat(answer.statusCode()).as(one + "?" + wrong).isEqualTo(400);
        }
    }

    @Test
    void who_asks_too_often_is_told_when_to_ask_again(@TempDir Path other) throws Exception {
        try (var small = start(other, 2)) {
            var key = small.freshKey().orElseThrow();
            assertThat(ask(small, "GET", "tasks", key, "").statusCode()).isEqualTo(200);
            assertThat(ask(small, "GET", "prompts", key, "").statusCode()).isEqualTo(200);
            var refused = ask(small, "GET", "models", key, "");
            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(refused.headers().firstValue("Retry-After").orElse("")).matches("[1-9]\\d*");
            assertThat(refused.headers().firstValue("X-RateLimit-Remaining")).hasValue("0");
            assertLimitIsTold(refused);
        }
    }
}
