package carillon;

import static org.assertj.core.api.Assertions.assertThat;

import carillon.api.NativeApi;
import carillon.egress.AllowList;
import carillon.egress.EgressSettings;
import carillon.json.Json;
import carillon.store.StoreSettings;
import carillon.web.WebSettings;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The document says what the server does: the same routes, and answers that match its schemas.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
final class OpenApiTest {
    private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "patch");
    private static final String TASK =
            """
            {"name":"Report","schedule":{"cron":"0 9 * * *","timezone":"Europe/Berlin"},
             "action":{"nothing":{}},"tags":["blue"],"retry":{"attempts":3},
             "processors":[{"type":"console"}]}
            """;

    private final HttpClient client = HttpClient.newHttpClient();
    private final Set<String> tried = new HashSet<>();
    private Server server;
    private String key;
    private JsonNode document;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
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
        var open = HttpRequest.newBuilder(uri("/openapi.yaml")).build();
        var answer = client.send(open, HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
        document = new ObjectMapper(new YAMLFactory()).readTree(answer.body());
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.port() + path);
    }

    private Set<String> documented() {
        var operations = new TreeSet<String>();
        for (var path : document.path("paths").properties()) {
            for (var entry : path.getValue().properties()) {
                if (METHODS.contains(entry.getKey())) {
                    operations.add(entry.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey());
                }
            }
        }
        return operations;
    }

    @Test
    void the_document_has_every_route_of_the_native_api_and_no_other() {
        var served =
                server.apis().stream()
                        .filter(api -> api.name().equals(NativeApi.NAME))
                        .flatMap(api -> api.routes().stream())
                        .map(route -> route.method() + " " + route.path())
                        .collect(Collectors.toCollection(TreeSet::new));

        assertThat(served).hasSizeGreaterThan(20);
        assertThat(documented()).isEqualTo(served);
    }

    @Test
    void every_reference_of_the_document_leads_somewhere() {
        var references = document.findValuesAsText("$ref");
        assertThat(references).hasSizeGreaterThan(100);
        assertThat(references)
                .allSatisfy(
                        reference ->
                                assertThat(document.at(reference.substring(1)).isMissingNode())
                                        .as(reference)
                                        .isFalse());
    }

    /// Sends the request, and holds the answer against what the document says of the operation.
    private JsonNode ask(String method, String template, String path, String body)
            throws IOException, InterruptedException {
        var request =
                HttpRequest.newBuilder(uri(path))
                        .header("Authorization", "Bearer " + key)
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build();
        var answer = client.send(request, HttpResponse.BodyHandlers.ofString());
        tried.add(method + " " + template);
        var responses =
                document.path("paths")
                        .path(template)
                        .path(method.toLowerCase(Locale.ROOT))
                        .path("responses");
        var status = Integer.toString(answer.statusCode());
        var told = responses.has(status) ? responses.path(status) : responses.path("default");
        if (told.has("$ref")) {
            told = document.at(told.path("$ref").asText().substring(1));
        }
        var type = answer.headers().firstValue("Content-Type").orElse("");
        var schema = told.path("content").path(type).path("schema");
        assertThat(schema.isObject())
                .as(method + " " + path + " answered " + status + " as " + type)
                .isTrue();
        var json = Json.read(answer.body());
        assertThat(faults(schema, json)).as(method + " " + path + ": " + json).isEmpty();
        return json;
    }

    private Set<String> faults(JsonNode schema, JsonNode json) {
        ObjectNode whole = schema.deepCopy();
        whole.set("components", document.path("components"));
        return JsonSchemaFactory.getInstance(VersionFlag.V202012)
                .getSchema(whole)
                .validate(json)
                .stream()
                .map(Object::toString)
                .collect(Collectors.toSet());
    }

    private JsonNode ask(String method, String template, long id, String body) throws Exception {
        var path = template.replace("{id}", Long.toString(id)).replace("{version}", "1");
        return ask(method, template, path, body);
    }

    @Test
    void a_schema_refuses_what_does_not_match_it() {
        var reference = Json.object().put("$ref", "#/components/schemas/Deleted");
        assertThat(faults(reference, Json.read("{\"id\":1,\"deleted\":true}"))).isEmpty();
        assertThat(faults(reference, Json.read("{\"id\":\"1\",\"deleted\":true}"))).isNotEmpty();
        assertThat(faults(reference, Json.read("{\"id\":1}"))).isNotEmpty();
        assertThat(faults(reference, Json.read("{\"id\":1,\"deleted\":true,\"x\":1}")))
                .isNotEmpty();
    }

    @Test
    void answers_match_the_schemas_of_the_document() throws Exception {
        var tasks = "/api/v1/tasks";
        long task = ask("POST", tasks, tasks, TASK).path("id").asLong();
        ask("POST", tasks, tasks, "{\"name\":1}");
        askAboutTask(task);
        askAboutRuns(task);
        var preview = "/api/v1/schedules/preview";
        ask(
                "POST",
                preview,
                preview,
                "{\"schedule\":{\"frequency\":\"daily\",\"time\":\"02:30\"}}");
        ask("GET", "/api/v1/cluster", "/api/v1/cluster", "");
        ask("GET", "/health/live", "/health/live", "");
        ask("GET", "/health/ready", "/health/ready", "");
        askAboutModels();
        askAboutBudgets();
        askAboutPrompts();
        askAboutResponses();
        askAboutAgents();
        askAboutProcessors();
        var keys = "/api/v1/keys";
        var made = ask("POST", keys, keys, "{\"name\":\"ci\",\"role\":\"viewer\"}");
        ask("GET", keys, keys, "");
        ask("DELETE", keys + "/{id}", made.path("id").asLong(), "");
        ask("DELETE", keys + "/{id}", made.path("id").asLong(), "");
        ask("DELETE", tasks + "/{id}", task, "");
        askAboutWorkflows();
        askAboutFigures();
        askAboutChanges();

        assertThat(tried)
                .containsAll(documented().stream().filter(OpenApiTest::isOfTheCore).toList());
    }

    /// What is JSON and has no test of its own feature that walks through it.
    private static boolean isOfTheCore(String operation) {
        return !operation.endsWith(".svg")
                && operation.matches(
                        "\\w+ (/health/.*|/api/v1/"
                                + "(tasks|runs|schedules|keys|cluster|models|agents|budgets"
                                + "|prompts|responses|processors|audit|metrics)"
                                + ".*)");
    }

    private void tellOfEvents(String run) throws Exception {
        var tell = "/api/v1/runs/{id}/events/{name}";
        ask("POST", tell, run + "/events/other", "{\"sum\":1}");
    }

    private void askAboutWorkflows() throws Exception {
        var workflow =
                """
                {"name":"w","action":{"workflow":{"shape":"linear","loop":{"max_passes":1},"steps":[
                  {"name":"ask","order":1,"action":{"approval":{"question":"Now?"}}},
                  {"name":"go","order":2,"for_each":"input.all","inputs":{"one":"item"},
                   "when":{"path":"input.all","op":"exists"},"action":{"nothing":{}}}]}}}
                """;
        long task = ask("POST", "/api/v1/tasks", "/api/v1/tasks", workflow).path("id").asLong();
        var execute = "/api/v1/tasks/{id}/execute";
        long run = ask("POST", execute, task, "{\"input\":{\"all\":[1,2]}}").path("id").asLong();
        var steps = "/api/v1/runs/{id}/steps";
        var waiting =
                Awaitility.await()
                        .atMost(Duration.ofSeconds(30))
                        .until(
                                () -> ask("GET", steps, run, ""),
                                page -> page.at("/data/0").has("id"));
        long step = waiting.at("/data/0/id").asLong();
        ask("GET", steps, step, "");
        tellOfEvents("/api/v1/runs/" + run);
        ask("POST", "/api/v1/runs/{id}/approve", step, "{\"comment\":\"yes\"}");
        ask("POST", "/api/v1/runs/{id}/reject", step, "");
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> ask("GET", steps, run, "").path("data").size() == 3);
        var replay = "/api/v1/runs/{id}/steps/{step}/replay";
        ask("POST", replay, "/api/v1/runs/" + run + "/steps/go/replay", "");
        var line =
                workflow.replace(",\"loop\":{\"max_passes\":1}", "")
                        .replace("approval\":{\"question\":\"Now?\"}", "nothing\":{}");
        long other = ask("POST", "/api/v1/tasks", "/api/v1/tasks", line).path("id").asLong();
        long done = ask("POST", execute, other, "{\"input\":{\"all\":[1]}}").path("id").asLong();
        ask("POST", replay, "/api/v1/runs/" + done + "/steps/go/replay", "");
        ask("POST", replay, "/api/v1/runs/" + done + "/steps/none/replay", "");
    }

    private void askAboutFigures() throws Exception {
        var runs = "/api/v1/metrics/runs";
        var figures = ask("GET", runs, runs + "?step=5m", "");
        assertThat(figures.at("/all_time/succeeded").asLong()).isPositive();
        assertThat(figures.at("/data/0/succeeded").asLong())
                .isEqualTo(figures.at("/total/succeeded").asLong());
        ask("GET", runs, runs + "?step=90s", "");
        ask("GET", runs, runs + "?step=1m&from=2026-01-01T00:00:00Z", "");
        ask("GET", runs, runs + "?to=2026-01-01T00:00:00Z&from=2026-01-01T00:00:00Z", "");
        var prompts = "/api/v1/metrics/prompts";
        var ends = ask("GET", prompts, prompts, "");
        assertThat(ends.at("/data/0/model").asText()).isEqualTo("echo");
        assertThat(ends.at("/all_time/0/completed").asLong()).isPositive();
    }

    private void askAboutChanges() throws Exception {
        var audit = "/api/v1/audit";
        var entries = ask("GET", audit, audit + "?kind=key&limit=2", "");
        assertThat(entries.at("/data/0/action").asText()).isEqualTo("key.revoke");
        ask("GET", audit, audit + "?from=yesterday", "");
        var verdict = ask("GET", audit + "/verify", audit + "/verify", "");
        assertThat(verdict.path("whole").asBoolean()).isTrue();
    }

    private void askAboutTask(long task) throws Exception {
        var one = "/api/v1/tasks/{id}";
        ask("GET", "/api/v1/tasks", "/api/v1/tasks?limit=1", "");
        ask("GET", "/api/v1/tasks", "/api/v1/tasks?limit=0", "");
        ask("GET", one, task, "");
        ask("GET", one, 1, "");
        ask(
                "PUT",
                one,
                task,
                TASK.replace("cron\":\"0 9 * * *\",\"timezone\":\"Europe/Berlin", "every\":\"1h"));
        ask("POST", one + "/pause", task, "");
        ask("POST", one + "/resume", task, "");
        ask("GET", one + "/versions", task, "");
        ask("GET", one + "/versions/{version}", task, "");
        ask("POST", one + "/rollback/{version}", task, "");
        ask(
                "POST",
                one + "/backfill",
                task,
                "{\"from\":\"2026-01-01T00:00:00Z\",\"to\":\"2026-01-03T00:00:00Z\"}");
        ask("GET", one + "/runs", task, "");
        ask("GET", one + "/slots", task, "");
    }

    private void askAboutModels() throws Exception {
        var models = "/api/v1/models";
        var one = models + "/{id}";
        var model = "{\"name\":\"parrot\",\"provider\":\"echo\"}";
        long id = ask("POST", models, models, model).path("id").asLong();
        ask("GET", models, models, "");
        ask("GET", models + "/prices", models + "/prices", "");
        ask("GET", one, id, "");
        ask("PUT", one, id, model);
        ask("GET", one + "/config", id, "");
        ask("PUT", one + "/config", id, "{\"timeout\":\"5s\"}");
        ask("POST", one + "/test", id, "{\"text\":\"hello\"}");
        ask("GET", one + "/quota", id, "");
        ask("GET", one + "/quota", 1, "");
        ask("DELETE", one, id, "");
    }

    private void askAboutAgents() throws Exception {
        var agents = "/api/v1/agents";
        var one = agents + "/{id}";
        var agent =
                """
                {"name":"Scout","role":"Finds things","goal":"Find them all","model":"echo",
                 "temperature":0.6,"capabilities":["Search"],"limits":{"steps":3,"cost":0.5}}
                """;
        long id = ask("POST", agents, agents, agent).path("id").asLong();
        ask("POST", agents, agents, agent);
        ask("POST", agents, agents, "{\"name\":\"1\",\"tools\":[3]}");
        ask("GET", agents, agents + "?active_only=true", "");
        ask("GET", one, id, "");
        ask("GET", one, 1, "");
        ask("PUT", one, id, agent.replace("Scout", "Seeker"));
        ask("POST", one + "/test", id, "{\"input\":\"Well?\"}");
        ask("POST", one + "/test", id, "{}");
        var tasks = "/api/v1/tasks";
        var task = "{\"name\":\"t\",\"action\":{\"agent\":{\"agent\":\"Seeker\",\"text\":\"x\"}}}";
        long asked = ask("POST", tasks, tasks, task).path("id").asLong();
        var path = tasks + "/" + asked + "/execute?wait=20s";
        long run = ask("POST", tasks + "/{id}/execute", path, "").path("id").asLong();
        ask("GET", "/api/v1/runs/{id}/transcript", run, "");
        ask("GET", "/api/v1/runs/{id}/transcript", 1, "");
        ask("DELETE", one, id, "");
    }

    private void askAboutBudgets() throws Exception {
        var budgets = "/api/v1/budgets";
        var one = budgets + "/{id}";
        var budget =
                """
                {"scope":"model","name":"dear","limit":0.5,"period":"week","on_exhausted":"wait"}
                """;
        long id = ask("POST", budgets, budgets, budget).path("id").asLong();
        ask("POST", budgets, budgets, budget);
        ask(
                "POST",
                budgets,
                budgets,
                "{\"scope\":\"installation\",\"limit\":5,\"period\":\"month\"}");
        ask("GET", budgets, budgets, "");
        ask("GET", one, id, "");
        ask("PUT", one, id, budget.replace("0.5", "0.25"));
        var task =
                """
                {"name":"Dear","schedule":{"every":"1h"},"budget":{"limit":1,"period":"day"},
                 "action":{"prompt":{"model":"dear","text":"Hello"}}}
                """;
        ask("POST", "/api/v1/tasks/forecast", "/api/v1/tasks/forecast", task);
        long made = ask("POST", "/api/v1/tasks", "/api/v1/tasks", task).path("id").asLong();
        ask("GET", "/api/v1/tasks/{id}", made, "");
        ask("GET", "/api/v1/tasks/{id}/forecast", made, "");
        ask("DELETE", one, id, "");
        ask("DELETE", one, id, "");
    }

    private void askAboutProcessors() throws Exception {
        var processors = "/api/v1/processors";
        var config = processors + "/{type}/config";
        ask("GET", processors, processors, "");
        for (var type : List.of("console", "email", "github")) {
            ask("GET", config, processors + "/" + type + "/config", "");
        }
        ask(
                "PUT",
                config,
                processors + "/email/config",
                "{\"host\":\"mail.example\",\"from\":\"a@b.example\"}");
        ask("PUT", config, processors + "/email/config", "{\"port\":0}");
    }

    private void askAboutPrompts() throws Exception {
        var prompts = "/api/v1/prompts";
        var one = prompts + "/{id}";
        var prompt =
                """
                {"name": "greeting", "text": "Hello {{who}}", "variables": [{"name": "who"}]}
                """;
        long id = ask("POST", prompts, prompts, prompt).path("id").asLong();
        ask("GET", prompts, prompts, "");
        ask("GET", one, id, "");
        ask("PUT", one, id, prompt.replace("Hello", "Good day,"));
        ask("GET", one + "/versions", id, "");
        ask("GET", one + "/versions/{version}", id, "");
        ask("GET", one + "/diff", id, "");
        ask("POST", one + "/rollback/{version}", id, "");
        ask("POST", one + "/test", id, "{\"variables\": {\"who\": \"world\"}}");
        ask("DELETE", one, id, "");
    }

    private void askAboutResponses() throws Exception {
        var tasks = "/api/v1/tasks";
        var task =
                """
                {"name": "ask", "action": {"prompt": {"model": "echo", "text": "Guten Tag"}}}
                """;
        long id = ask("POST", tasks, tasks, task).path("id").asLong();
        var execute = tasks + "/{id}/execute";
        var path = execute.replace("{id}", Long.toString(id)) + "?wait=10s";
        var run = ask("POST", execute, path, "");
        assertThat(run.at("/tokens/total").asLong()).as("%s", run).isPositive();
        assertThat(run.path("cost").decimalValue()).isZero();

        var responses = "/api/v1/responses";
        var found = ask("GET", responses, responses + "?q=guten&task_id=" + id, "");
        assertThat(found.at("/data/0/run_id").asLong()).isEqualTo(run.path("id").asLong());
        assertThat(found.at("/data/0/excerpt").asText()).contains("Guten Tag");
        var whole = ask("GET", responses + "/{id}", found.at("/data/0/id").asLong(), "");
        assertThat(whole.path("text").asText()).endsWith("Guten Tag");
        ask("GET", responses + "/{id}", 1, "");
        ask("GET", responses, responses + "?q=%22", "");
        var usage = "/api/v1/models/{id}/usage";
        var used = ask("GET", usage, usage.replace("{id}", "echo"), "");
        assertThat(used.at("/total/requests").asLong()).isEqualTo(1);
        ask("GET", usage, usage.replace("{id}", "nobody"), "");
    }

    private void askAboutRuns(long task) throws Exception {
        var execute = "/api/v1/tasks/{id}/execute";
        var path = execute.replace("{id}", Long.toString(task)) + "?wait=10s";
        long run = ask("POST", execute, path, "").path("id").asLong();
        var runs = "/api/v1/runs";
        ask("GET", runs, runs, "");
        ask("GET", runs + "/{id}", run, "");
        ask("GET", runs + "/{id}/output", run, "");
        ask("GET", runs + "/{id}/attempts", run, "");
        var deliveries = ask("GET", runs + "/{id}/deliveries", run, "");
        assertThat(deliveries.path("data")).isNotEmpty();
        ask("POST", runs + "/{id}/replay", run, "");
        ask("POST", runs + "/{id}/cancel", run, "");
    }

    @Test
    void the_page_and_all_it_names_come_from_the_server_itself() throws Exception {
        var page = file("/docs");
        assertThat(page.headers().firstValue("Content-Security-Policy").orElse(""))
                .startsWith("default-src 'self';");
        assertThat(page.body()).doesNotContain("http:").doesNotContain("https:");
        for (var named : List.of("swagger-ui.css", "swagger-ui-bundle.js", "start.js")) {
            assertThat(page.body()).contains("/docs/" + named);
            assertThat(file("/docs/" + named).body()).isNotEmpty();
        }
        assertThat(status("/docs/favicon.png")).isEqualTo(200);
        assertThat(status("/docs/index.html")).isEqualTo(404);
        assertThat(status("/docs/%2e%2e%2fopenapi.yaml")).isEqualTo(400);
    }

    private HttpResponse<String> file(String path) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(uri(path)).build();
        var answer = client.send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(path).isEqualTo(200);
        return answer;
    }

    private int status(String path) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(uri(path)).build();
        return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }
}
