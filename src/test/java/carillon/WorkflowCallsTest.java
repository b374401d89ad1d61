package carillon;

import static org.assertj.core.api.Assertions.assertThat;

import carillon.json.Json;
import carillon.mcp.NpmServer;
import carillon.perform.ChatServer;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Steps that reach beyond their workflow: events that they wait for, tasks that they call, tools
/// that they use.
@Timeout(240)
final class WorkflowCallsTest {
    @TempDir private Path folder;
    private WholeServer server;

    @BeforeEach
    void start() throws Exception {
        server = WholeServer.start(folder, List.of(NpmServer.everything("all")));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private long make(String action) throws Exception {
        return server.post("/api/v1/tasks", "{\"name\":\"w\",\"action\":%s}".formatted(action))
                .path("id")
                .asLong();
    }

    private String begin(long task, String input) throws Exception {
        var run =
                server.post(
                        "/api/v1/tasks/" + task + "/execute", "{\"input\":%s}".formatted(input));
        return "/api/v1/runs/" + run.path("id");
    }

    private JsonNode ended(String run) {
        return server.await(run, shown -> !shown.path("finished_at").isNull());
    }

    private JsonNode run(String action, String input) throws Exception {
        return ended(begin(make(action), input));
    }

    private static JsonNode output(JsonNode run) {
        return Json.read(run.path("output").path("body").asText());
    }

    private JsonNode step(String run, int place) throws Exception {
        return server.get(run + "/steps").path("data").path(place);
    }

    private static final String WAITING =
            """
            {"workflow":{"shape":"linear","steps":[
              {"name":"paid","order":1,"action":{"wait":{"event":"paid"%s}}},
              {"name":"go","order":2,"inputs":{"sum":"steps.paid.output.sum"},
               "action":{"nothing":{}}}]}}
            """;

    @Test
    void a_step_goes_on_with_the_event_that_it_waits_for() throws Exception {
        var run = begin(make(WAITING.formatted("")), "{}");
        server.await(
                run + "/steps",
                page -> page.at("/data/0/reason").asText().equals("waits for 'paid'"));
        var other = server.ask("POST", run + "/events/other", "");
        assertThat(other.status()).isEqualTo(202);
        assertThat(other.body().path("taken_by").isNull()).isTrue();
        var told = server.ask("POST", run + "/events/paid", "{\"sum\":12}");
        assertThat(told.status()).isEqualTo(200);

        var whole = ended(run);
        assertThat(whole.path("state").asText()).isEqualTo("SUCCEEDED");
        assertThat(output(whole).at("/outputs/go/sum").asInt()).isEqualTo(12);
        assertThat(told.body().path("taken_by").asLong())
                .isEqualTo(step(run, 0).path("id").asLong());
        assertThat(server.ask("POST", run + "/events/paid", "").status()).isEqualTo(409);
    }

    @Test
    void an_event_that_comes_before_its_step_is_kept_for_it() throws Exception {
        var workflow =
                """
                {"workflow":{"shape":"linear","loop":{"max_passes":3},"steps":[
                  {"name":"rest","order":1,"action":{"wait":{"time":"1500ms"}}},
                  {"name":"go","order":2,"action":{"wait":{"event":"go"}}}]}}
                """;
        var run = begin(make(workflow), "{}");
        for (int i = 1; i <= 3; i++) {
            var told = server.ask("POST", run + "/events/go", "{\"n\":" + i + "}");
            assertThat(told.status()).isEqualTo(202);
        }
        var whole = ended(run);
        assertThat(whole.path("state").asText()).as(whole.toString()).isEqualTo("SUCCEEDED");
        var steps = server.get(run + "/steps?limit=100").path("data");
        var brought =
                steps.valueStream()
                        .filter(step -> step.path("step").asText().equals("go"))
                        .map(step -> output(step).path("n").asInt())
                        .toList();
        assertThat(brought).containsExactly(1, 2, 3);
    }

    @Test
    void an_event_that_does_not_come_fails_its_step_at_the_deadline() throws Exception {
        var run = run(WAITING.formatted(",\"deadline\":\"200ms\""), "{}");
        assertThat(run.path("state").asText()).isEqualTo("FAILED");
        var step = step("/api/v1/runs/" + run.path("id"), 0);
        assertThat(step.path("reason").asText()).startsWith("'paid' has not come until");
    }

    @Test
    void events_that_cannot_be_told_are_refused() throws Exception {
        var plain = run("{\"nothing\":{}}", "{}");
        var none = "/api/v1/runs/" + plain.path("id") + "/events/x";
        assertThat(server.ask("POST", none, "").status()).isEqualTo(409);
        assertThat(server.ask("POST", "/api/v1/runs/999/events/x", "").status()).isEqualTo(404);
        var run = begin(make(WAITING.formatted("")), "{}");
        assertThat(server.ask("POST", run + "/events/a%20b", "").status()).isEqualTo(400);
        assertThat(server.ask("POST", run + "/events/paid", "{").status()).isEqualTo(400);
        var large = "\"" + "x".repeat(70_000) + "\"";
        assertThat(server.ask("POST", run + "/events/paid", large).status()).isEqualTo(413);
        for (var wait : List.of("{}", "{\"time\":\"1s\",\"event\":\"a\"}", "{\"event\":\"a b\"}")) {
            var workflow =
                    """
                    {"name":"w","action":{"workflow":{"shape":"linear","steps":[
                      {"name":"a","action":{"wait":%s}}]}}}
                    """
                            .formatted(wait);
            assertThat(server.ask("POST", "/api/v1/tasks", workflow).status()).isEqualTo(400);
        }
    }

    private static final String CALLED =
            """
            {"workflow":{"shape":"linear","steps":[
              {"name":"hand","order":1,"inputs":{"got":"input.word"},"action":{"nothing":{}}}]}}
            """;

    private String calling(long task, String more) {
        return """
               {"workflow":{"shape":"linear","steps":[
                 {"name":"call","order":1%s,"action":{"task":{"id":%d}}},
                 {"name":"last","order":2,"inputs":{"came":"steps.call.output.outputs.hand.got"},
                  "action":{"nothing":{}}}]}}
               """
                .formatted(more, task);
    }

    @Test
    void a_step_calls_a_task_and_hands_on_what_that_brought() throws Exception {
        long called = make(CALLED);
        var given = ",\"inputs\":{\"word\":\"input.name\"}";
        var run = run(calling(called, given), "{\"name\":\"Ann\"}");

        assertThat(run.path("state").asText()).as(run.toString()).isEqualTo("SUCCEEDED");
        assertThat(output(run).at("/outputs/last/came").asText()).isEqualTo("Ann");
        var runs = server.get("/api/v1/tasks/" + called + "/runs").path("data");
        assertThat(runs).hasSize(1);
        assertThat(runs.at("/0/trigger").asText()).isEqualTo("CALL");
        assertThat(runs.at("/0/parent_id").asLong())
                .isEqualTo(step("/api/v1/runs/" + run.path("id"), 0).path("id").asLong());

        var whole = run(calling(called, ""), "{\"word\":\"Bob\"}");
        assertThat(output(whole).at("/outputs/last/came").asText()).isEqualTo("Bob");
    }

    @Test
    void a_call_that_fails_is_tried_with_another_run_and_its_reason_is_told() throws Exception {
        var asked = new AtomicInteger();
        try (var provider =
                new ChatServer(
                        _ ->
                                asked.incrementAndGet() < 3
                                        ? new ChatServer.Told(400, Map.of(), "{}")
                                        : ServerBatchesTest.answer("well"))) {
            server.post(
                    "/api/v1/models",
                    "{\"name\":\"m\",\"provider\":\"openai\",\"base_url\":\"%s\"}"
                            .formatted(provider.url()));
            long called = make("{\"prompt\":{\"model\":\"m\",\"text\":\"x\"}}");
            var task =
                    server.post(
                                    "/api/v1/tasks",
                                    """
                                    {"name":"w",
                                     "retry":{"initial":"10ms","max":"20ms","retry_on":["other"]},
                                     "action":{"workflow":{"shape":"parallel","steps":[
                                       {"name":"call","attempts":2,"action":{"task":{"id":%d}}}]}}}
                                    """
                                            .formatted(called))
                            .path("id");
            var failed = ended(begin(task.asLong(), "{}"));
            assertThat(failed.path("state").asText()).isEqualTo("FAILED");
            var reason = step("/api/v1/runs/" + failed.path("id"), 0).path("reason").asText();
            assertThat(reason).contains("of task " + called + " FAILED: answered 400");
            assertThat(server.get("/api/v1/tasks/" + called + "/runs").path("data")).hasSize(2);

            var well = ended(begin(task.asLong(), "{}"));
            assertThat(well.path("state").asText()).isEqualTo("SUCCEEDED");
        }
    }

    @Test
    void tasks_that_call_each_other_come_to_an_end() throws Exception {
        long self = make("{\"nothing\":{}}");
        var whole = server.get("/api/v1/tasks/" + self);
        var round =
                """
                {"name":"w","action":{"workflow":{"shape":"linear","steps":[
                  {"name":"me","action":{"task":{"id":%d}}}]}}}
                """
                        .formatted(self);
        assertThat(whole.path("version").asInt()).isEqualTo(1);
        assertThat(server.ask("PUT", "/api/v1/tasks/" + self, round).status()).isEqualTo(200);
        var run = ended(begin(self, "{}"));
        assertThat(run.path("state").asText()).isEqualTo("FAILED");
        var runs = server.get("/api/v1/tasks/" + self + "/runs").path("data");
        assertThat(runs).hasSize(9);
        var deepest = "/api/v1/runs/" + runs.at("/0/id");
        assertThat(step(deepest, 0).path("reason").asText())
                .isEqualTo("tasks call each other more than 8 deep");

        var gone = run(calling(123_456, ""), "{}");
        assertThat(step("/api/v1/runs/" + gone.path("id"), 0).path("reason").asText())
                .isEqualTo("there is no task 123456 (any more)");
    }

    @Test
    void who_cancels_a_workflow_cancels_what_it_has_called() throws Exception {
        long called = make(WAITING.formatted(""));
        var run = begin(make(calling(called, "")), "{}");
        var inner =
                server.await(
                        "/api/v1/tasks/" + called + "/runs", page -> page.at("/data/0").has("id"));
        var child = "/api/v1/runs/" + inner.at("/data/0/id");
        server.await(child + "/steps", page -> page.at("/data/0").has("id"));
        server.post(run + "/cancel", "");
        assertThat(ended(child).path("state").asText()).isEqualTo("CANCELLED");
        assertThat(step(child, 0).path("state").asText()).isEqualTo("CANCELLED");
        assertThat(step(run, 0).path("state").asText()).isEqualTo("CANCELLED");
    }

    @Test
    void a_step_uses_a_tool_and_so_does_a_task() throws Exception {
        var tool = "{\"tool\":{\"name\":\"all__echo\",\"arguments\":{\"message\":\"plain\"}}}";
        var alone = run(tool, "{}");
        assertThat(alone.path("state").asText()).as(alone.toString()).isEqualTo("SUCCEEDED");
        assertThat(alone.at("/output/body").asText()).contains("plain");

        var workflow =
                """
                {"workflow":{"shape":"linear","steps":[
                  {"name":"say","order":1,"inputs":{"message":"input.word"},"action":%s},
                  {"name":"last","order":2,"inputs":{"said":"steps.say.output"},
                   "action":{"nothing":{}}}]}}
                """
                        .formatted(tool);
        var run = run(workflow, "{\"word\":\"carillon\"}");
        assertThat(output(run).at("/outputs/last/said").asText()).contains("carillon");

        var wrong = run("{\"tool\":{\"name\":\"all__nothing\"}}", "{}");
        assertThat(wrong.path("state").asText()).isEqualTo("FAILED");
        assertThat(wrong.path("reason").asText())
                .startsWith("there is no tool 'all__nothing'; there are: all__");
        var refused = run("{\"tool\":{\"name\":\"all__echo\"}}", "{}");
        assertThat(refused.path("state").asText()).isEqualTo("FAILED");
        assertThat(refused.path("reason").asText()).startsWith("all__echo: ");
    }
}
