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
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Changes through every API, over real HTTP, and what the audit log says of them.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
final class AuditTest {
    private static final String CANARY = "sk-canary-0123456789";

    private final HttpClient client = HttpClient.newHttpClient();
    private Server server;
    private String key;
    private int requests;

    @BeforeAll
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

    @AfterAll
    void stop() {
        server.close();
    }

    private JsonNode get(String path) throws IOException, InterruptedException {
        return send("GET", path, "");
    }

    private JsonNode send(String method, String path, String body)
            throws IOException, InterruptedException {
        requests++;
        var request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                        .header("Authorization", "Bearer " + key)
                        .header("X-Request-ID", "audit-" + requests)
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build();
        var answer = client.send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(method + " " + path + answer.body()).isBetween(200, 299);
        return Json.read(answer.body());
    }

    /// Makes the change and expects one entry of it, with the caller and the request.
    private JsonNode change(String action, String api, String method, String path, String body)
            throws IOException, InterruptedException {
        long before = newest();
        var answer = send(method, path, body);
        var asked = "audit-" + requests;
        var entries = get("/api/v1/audit?limit=5").path("data");
        assertThat(newest()).as(action).isEqualTo(before + 1);
        var entry = entries.path(0);
        assertThat(entry.path("action").asText()).isEqualTo(action);
        assertThat(entry.at("/actor/api").asText()).as(action).isEqualTo(api);
        assertThat(entry.at("/actor/request_id").asText()).isEqualTo(asked);
        assertThat(entry.at("/actor/address").asText()).isEqualTo("127.0.0.1");
        return answer;
    }

    private long newest() throws IOException, InterruptedException {
        return get("/api/v1/audit?limit=1").at("/data/0/id").asLong();
    }

    private static final String TASK =
            """
            {"name":"nightly","action":{"nothing":{}},"schedule":{"cron":"0 3 * * *"}}
            """;

    @Test
    void every_change_of_a_task_leaves_one_entry() throws Exception {
        var task = change("task.create", "native", "POST", "/api/v1/tasks", TASK);
        var path = "/api/v1/tasks/" + task.path("id").asLong();
        change("task.update", "native", "PUT", path, TASK.replace("nightly", "daily"));
        change("task.pause", "native", "POST", path + "/pause", "");
        change("task.resume", "native", "POST", path + "/resume", "");
        change("task.update", "native", "POST", path + "/rollback/1", "");
        change("run.create", "native", "POST", path + "/execute", "");
        change("task.delete", "native", "DELETE", path, "");

        var id = task.path("id").asText();
        var about = get("/api/v1/audit?kind=task&target=" + id).path("data");
        assertThat(about.findValuesAsText("action"))
                .containsExactly(
                        "task.delete",
                        "task.update",
                        "task.resume",
                        "task.pause",
                        "task.update",
                        "task.create");
        assertThat(about.path(1).path("detail").asText())
                .isEqualTo("version 2 to 3 as of version 1");
    }

    @Test
    void prompts_models_budgets_processors_and_keys_leave_entries_without_their_secrets()
            throws Exception {
        var prompt = "{\"name\":\"brief\",\"text\":\"Say %s\"}";
        change("prompt.create", "native", "POST", "/api/v1/prompts", prompt.formatted("hi"));
        change("prompt.update", "native", "PUT", "/api/v1/prompts/brief", prompt.formatted("ho"));
        change("prompt.delete", "native", "DELETE", "/api/v1/prompts/brief", "");
        var model =
                "{\"name\":\"m\",\"provider\":\"openai\",\"model\":\"gpt-4o\",\"api_key\":\""
                        + CANARY
                        + "\"}";
        change("model.create", "native", "POST", "/api/v1/models", model);
        change("model.delete", "native", "DELETE", "/api/v1/models/m", "");
        var agent = "{\"name\":\"Scout\",\"role\":\"%s\",\"goal\":\"find\",\"model\":\"m\"}";
        var scout = "/api/v1/agents/Scout";
        change("agent.create", "native", "POST", "/api/v1/agents", agent.formatted("one"));
        change("agent.update", "native", "PUT", scout, agent.formatted("two"));
        change("agent.delete", "native", "DELETE", scout, "");
        var budget = "{\"scope\":\"installation\",\"limit\":5,\"period\":\"day\"}";
        var made = change("budget.create", "native", "POST", "/api/v1/budgets", budget);
        change(
                "budget.delete",
                "native",
                "DELETE",
                "/api/v1/budgets/" + made.path("id").asLong(),
                "");
        var mail =
                """
                {"host":"mail.example","from":"a@b.example","username":"u","password":"%s"}
                """
                        .formatted(CANARY);
        change("processor.update", "native", "PUT", "/api/v1/processors/email/config", mail);
        var ci = "{\"name\":\"ci\",\"role\":\"viewer\"}";
        var made2 = change("key.create", "native", "POST", "/api/v1/keys", ci);
        change("key.revoke", "native", "DELETE", "/api/v1/keys/" + made2.path("id").asLong(), "");

        var log = get("/api/v1/audit?limit=100").toString();
        assertThat(log).doesNotContain(CANARY).doesNotContain(made2.path("key").asText());
        var verdict = get("/api/v1/audit/verify");
        assertThat(verdict.path("whole").asBoolean()).isTrue();
        assertThat(verdict.path("newest").asLong()).isEqualTo(newest());
    }

    @Test
    void changes_through_the_dialects_are_told_too() throws Exception {
        var chronos =
                """
                {"name":"c","schedule":"0 3 * * *","enabled":true,
                 "webhook":{"url":"https://example.com/","method":"POST"}}
                """;
        change("task.create", "chronos", "POST", "/chronos/api/v1/jobs", chronos);
        var a1base =
                """
                {"name":"a","frequency":"daily","time":"09:00","timezone":"UTC",
                 "endpoint_url":"https://example.com/","method":"POST"}
                """;
        change("task.create", "a1base", "POST", "/a1base/v1/cron-jobs", a1base);
        var oneShot = "{\"prompt\":\"hi\",\"model\":\"echo\"}";
        change("task.create", "gpt-task-runner", "POST", "/gpt-task-runner/api/v1/tasks", oneShot);
    }
}
