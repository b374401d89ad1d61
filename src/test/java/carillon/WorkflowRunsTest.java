package carillon;

import static org.assertj.core.api.Assertions.assertThat;

import carillon.json.Json;
import carillon.perform.ChatServer;
import carillon.store.StoreSettings;
import carillon.store.TestPostgres;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Workflows through the native API, on a whole server.
@Timeout(180)
final class WorkflowRunsTest {
    @TempDir private Path folder;
    private WholeServer server;

    @BeforeEach
    void start() throws IOException {
        server = WholeServer.start(folder);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private String make(String workflow) throws Exception {
        var task =
                server.post(
                        "/api/v1/tasks",
                        "{\"name\":\"w\",\"action\":{\"workflow\":%s}}".formatted(workflow));
        return "/api/v1/tasks/" + task.path("id");
    }

    private String begin(String workflow, String input) throws Exception {
        var run = server.post(make(workflow) + "/execute", "{\"input\":" + input + "}");
        return "/api/v1/runs/" + run.path("id");
    }

    private JsonNode ended(String run) {
        return server.await(run, shown -> !shown.path("finished_at").isNull());
    }

    private JsonNode run(String workflow, String input) throws Exception {
        return ended(begin(workflow, input));
    }

    private static JsonNode output(JsonNode run) {
        return Json.read(run.path("output").path("body").asText());
    }

    private JsonNode steps(JsonNode run) throws Exception {
        return server.get("/api/v1/runs/" + run.path("id") + "/steps?limit=100").path("data");
    }

    private static JsonNode step(JsonNode steps, String name) {
        for (var step : steps) {
            if (step.path("step").asText().equals(name)) {
                return step;
            }
        }
        throw new AssertionError("no step " + name + " in " + steps);
    }

    @Test
    void steps_of_a_line_see_the_input_and_what_came_before() throws Exception {
        var run =
                run(
                        """
                        {"shape":"linear","steps":[
                          {"name":"second","order":2,"inputs":{"told":"steps.first.output.city",
                             "who":"input.user.name"},"action":{"nothing":{}}},
                          {"name":"first","order":1,"inputs":{"city":"input.cities.1"},
                             "action":{"nothing":{}}},
                          {"name":"third","order":3,"inputs":{"word":"steps.second.output.told"},
                             "action":{"prompt":{"model":"echo","text":"Say {{word}}"}}}]}
                        """,
                        "{\"cities\":[\"Rome\",\"Oslo\"],\"user\":{\"name\":\"Ann\"}}");

        assertThat(run.path("state").asText()).as(run.toString()).isEqualTo("SUCCEEDED");
        assertThat(output(run).path("succeeded").asInt()).isEqualTo(3);
        assertThat(output(run).path("outputs").path("third").asText()).contains("Say Oslo");
        var steps = steps(run);
        assertThat(steps.findValuesAsText("step")).containsExactly("first", "second", "third");
        assertThat(steps.findValuesAsText("parent_id")).containsOnly(run.path("id").asText());
        assertThat(steps.findValuesAsText("trigger")).containsOnly("WORKFLOW");
        assertThat(Json.read(step(steps, "second").path("output").path("body").asText()))
                .isEqualTo(Json.read("{\"told\":\"Oslo\",\"who\":\"Ann\"}"));
        var task = server.get("/api/v1/tasks/" + run.path("task_id") + "/runs").path("data");
        assertThat(task).as("steps are no runs of the task").hasSize(1);
    }

    @Test
    void parallel_steps_run_at_once_and_a_join_waits_for_them() throws Exception {
        var together = new CountDownLatch(3);
        try (var provider =
                new ChatServer(
                        _ -> {
                            together.countDown();
                            await(together);
                            return ServerBatchesTest.answer("{\"score\":0.7}");
                        })) {
            model(provider);
            var run =
                    run(
                            """
                            {"shape":"parallel","steps":[
                              {"name":"a","action":{"prompt":{"model":"m","text":"a"}}},
                              {"name":"b","action":{"prompt":{"model":"m","text":"b"}}},
                              {"name":"c","action":{"prompt":{"model":"m","text":"c"}}},
                              {"name":"join","depends_on":["a","b","c"],
                               "inputs":{"score":"steps.b.output.score"},
                               "action":{"nothing":{}}}]}
                            """,
                            "{}");
            assertThat(run.path("state").asText()).isEqualTo("SUCCEEDED");
            assertThat(output(run).path("outputs").path("join").path("score").asDouble())
                    .isEqualTo(0.7);
        }
    }

    private void model(ChatServer provider) throws Exception {
        server.post(
                "/api/v1/models",
                "{\"name\":\"m\",\"provider\":\"openai\",\"base_url\":\"%s\"}"
                        .formatted(provider.url()));
    }

    private static void await(CountDownLatch gate) {
        try {
            boolean opened = gate.await(60, TimeUnit.SECONDS);
            assertThat(opened).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void conditions_choose_the_branch_and_a_path_to_nowhere_skips_it() throws Exception {
        var run =
                run(
                        """
                        {"shape":"conditional","steps":[
                          {"name":"high","when":{"path":"input.score","op":"gt","value":0.5},
                           "action":{"nothing":{}}},
                          {"name":"low","when":{"path":"input.score","op":"le","value":0.5},
                           "action":{"nothing":{}}},
                          {"name":"odd","when":{"path":"input.no.such","op":"exists"},
                           "action":{"nothing":{}}},
                          {"name":"after low","depends_on":["low"],"action":{"nothing":{}}}]}
                        """,
                        "{\"score\":0.8}");

        assertThat(run.path("state").asText()).isEqualTo("SUCCEEDED");
        var steps = steps(run);
        assertThat(step(steps, "high").path("state").asText()).isEqualTo("SUCCEEDED");
        assertThat(step(steps, "low").path("reason").asText())
                .isEqualTo("its condition does not hold");
        assertThat(step(steps, "odd").path("state").asText()).isEqualTo("SKIPPED");
        assertThat(step(steps, "after low").path("reason").asText())
                .isEqualTo("all that it depends on was skipped");
        assertThat(output(run).path("skipped").asInt()).isEqualTo(3);
    }

    @Test
    void a_loop_goes_on_until_its_condition_holds_or_its_passes_are_used_up() throws Exception {
        var asked = new AtomicInteger();
        try (var provider =
                new ChatServer(
                        _ ->
                                ServerBatchesTest.answer(
                                        "{\"n\":%d}".formatted(asked.incrementAndGet())))) {
            model(provider);
            var workflow =
                    """
                    {"shape":"linear","loop":{"max_passes":%d,
                       "until":{"path":"steps.count.output.n","op":"ge","value":3}},
                     "steps":[{"name":"count","action":{"prompt":{"model":"m","text":"n"}}}]}
                    """;
            var run = run(workflow.formatted(10), "{}");
            assertThat(run.path("state").asText()).isEqualTo("SUCCEEDED");
            assertThat(output(run).path("passes").asInt()).isEqualTo(3);
            assertThat(steps(run).findValuesAsText("pass")).containsExactly("1", "2", "3");

            asked.set(-100);
            var bounded = run(workflow.formatted(4), "{}");
            assertThat(output(bounded).path("passes").asInt()).isEqualTo(4);
        }
    }

    @Test
    void a_step_is_done_for_each_item_of_a_list_and_others_see_all_it_brought() throws Exception {
        var workflow =
                """
                {"shape":"linear","steps":[
                  {"name":"greet","order":1,"for_each":"input.names",
                   "inputs":{"name":"item","place":"index"},"action":{"nothing":{}}},
                  {"name":"last","order":2,"inputs":{"third":"steps.greet.output.2.name"},
                   "action":{"nothing":{}}}]}
                """;
        var run = run(workflow, "{\"names\":[\"Ann\",\"Bob\",\"Cid\"]}");
        assertThat(output(run).path("outputs").path("last").path("third").asText())
                .isEqualTo("Cid");
        assertThat(steps(run)).hasSize(4);

        var none = run(workflow, "{\"names\":[]}");
        assertThat(step(steps(none), "greet").path("reason").asText())
                .isEqualTo("its list is empty");
        var no = run(workflow, "{}");
        assertThat(no.path("state").asText()).isEqualTo("FAILED");
        assertThat(step(steps(no), "greet").path("reason").asText()).contains("input.names");
    }

    @Test
    void a_failure_stops_what_has_not_begun_unless_the_step_says_otherwise() throws Exception {
        var workflow =
                """
                {"shape":"linear","steps":[
                  {"name":"bad","order":1,"on_failure":"%s","inputs":{"x":"input.missing"},
                   "action":{"nothing":{}}},
                  {"name":"next","order":2,"action":{"nothing":{}}}]}
                """;
        var stopped = run(workflow.formatted("stop"), "{}");
        assertThat(stopped.path("state").asText()).isEqualTo("FAILED");
        assertThat(stopped.path("reason").asText()).isEqualTo("step 'bad' failed");
        assertThat(step(steps(stopped), "next").path("state").asText()).isEqualTo("SKIPPED");

        var went = run(workflow.formatted("continue"), "{}");
        assertThat(went.path("state").asText()).isEqualTo("FAILED");
        assertThat(step(steps(went), "next").path("state").asText()).isEqualTo("SUCCEEDED");
    }

    @Test
    void steps_are_tried_as_often_as_they_say() throws Exception {
        var asked = new AtomicInteger();
        try (var provider =
                new ChatServer(
                        _ ->
                                asked.incrementAndGet() < 3
                                        ? new ChatServer.Told(503, Map.of(), "{}")
                                        : ServerBatchesTest.answer("well"))) {
            model(provider);
            var task =
                    server.post(
                            "/api/v1/tasks",
                            """
                            {"name":"w","retry":{"initial":"10ms","max":"20ms"},
                             "action":{"workflow":{"shape":"parallel","steps":[
                              {"name":"a","attempts":3,"action":{"prompt":{"model":"m","text":"x"}}}
                             ]}}}
                            """);
            var path = "/api/v1/tasks/" + task.path("id") + "/execute";
            var run = ended("/api/v1/runs/" + server.post(path, "").path("id"));
            assertThat(run.path("state").asText()).isEqualTo("SUCCEEDED");
            assertThat(step(steps(run), "a").path("attempt").asInt()).isEqualTo(3);
        }
    }

    @Test
    void a_person_approves_or_rejects() throws Exception {
        var workflow =
                """
                {"shape":"linear","steps":[
                  {"name":"ask","order":1,"action":{"approval":{"question":"Shall we?"%s}}},
                  {"name":"go","order":2,"inputs":{"by":"steps.ask.output.by"},
                   "action":{"nothing":{}}}]}
                """;
        for (var decision : List.of("approve", "reject")) {
            var run = begin(workflow.formatted(""), "{}");
            var waiting =
                    server.await(
                            run + "/steps",
                            page ->
                                    page.at("/data/0/reason")
                                            .asText()
                                            .equals("waits for an approval"));
            var step = "/api/v1/runs/" + waiting.at("/data/0/id");
            server.post(step + "/" + decision, "{\"comment\":\"since\"}");
            var whole = ended(run);
            boolean yes = decision.equals("approve");
            assertThat(whole.path("state").asText()).isEqualTo(yes ? "SUCCEEDED" : "FAILED");
            assertThat(server.get(step).path("reason").asText()).endsWith(": since");
            assertThat(server.ask("POST", step + "/approve", "").status()).isEqualTo(409);
            if (yes) {
                assertThat(output(whole).at("/outputs/go/by").asText()).isNotEmpty();
            }
        }
        var late = run(workflow.formatted(",\"deadline\":\"100ms\""), "{}");
        assertThat(late.path("state").asText()).isEqualTo("FAILED");
        assertThat(step(steps(late), "ask").path("reason").asText()).startsWith("nobody decided");
    }

    @Test
    void a_wait_lets_its_time_pass() throws Exception {
        var run =
                run(
                        """
                        {"shape":"linear","steps":[
                          {"name":"rest","order":1,"action":{"wait":{"time":"700ms"}}},
                          {"name":"go","order":2,"action":{"nothing":{}}}]}
                        """,
                        "{}");
        var rest = step(steps(run), "rest");
        var go = step(steps(run), "go");
        assertThat(Instant.parse(go.path("due_at").asText()))
                .isAfterOrEqualTo(Instant.parse(run.path("started_at").asText()).plusMillis(600));
        assertThat(rest.path("attempt").asInt()).isEqualTo(1);
    }

    @Test
    void a_cancelled_workflow_takes_its_steps_along() throws Exception {
        var gate = new CountDownLatch(1);
        var asked = new CountDownLatch(1);
        try (var provider =
                new ChatServer(
                        _ -> {
                            asked.countDown();
                            await(gate);
                            return ServerBatchesTest.answer("late");
                        })) {
            model(provider);
            var run =
                    begin(
                            """
                            {"shape":"linear","steps":[
                              {"name":"slow","order":1,
                               "action":{"prompt":{"model":"m","text":"x"}}},
                              {"name":"never","order":2,"action":{"nothing":{}}}]}
                            """,
                            "{}");
            await(asked);
            server.post(run + "/cancel", "");
            gate.countDown();
            var whole = server.get(run);
            assertThat(whole.path("state").asText()).isEqualTo("CANCELLED");
            assertThat(step(steps(whole), "slow").path("state").asText()).isEqualTo("CANCELLED");
            assertThat(steps(whole)).hasSize(1);
        }
    }

    @Test
    void what_is_wrong_with_a_workflow_is_told_at_its_step() throws Exception {
        var said =
                server.ask(
                        "POST",
                        "/api/v1/tasks",
                        """
                        {"name":"w","action":{"workflow":{"shape":"parallel","steps":[
                          {"name":"a","depends_on":["b"],"action":{"nothing":{}}},
                          {"name":"b","depends_on":["a"],"action":{"nothing":{}}}]}}}
                        """);
        assertThat(said.status()).isEqualTo(400);
        assertThat(said.body().toString()).contains("action.workflow.steps[0]", "cycle");
        var more =
                server.ask(
                        "POST",
                        "/api/v1/tasks",
                        """
                        {"name":"w","action":{"workflow":{"shape":"parallel","steps":[
                          {"name":"a","inputs":{"x":"a..b"},"for_each":"","attempts":0,
                           "action":{"wait":{"time":"0s"}}}]}}}
                        """);
        assertThat(more.body().path("errors").findValuesAsText("field"))
                .contains(
                        "action.workflow.steps[0].inputs.x",
                        "action.workflow.steps[0].for_each",
                        "action.workflow.steps[0].attempts",
                        "action.workflow.steps[0].action.wait.time");
    }

    @Test
    void a_big_input_is_handed_on_and_one_that_is_no_object_is_refused() throws Exception {
        var text = "x".repeat(900_000);
        var run =
                run(
                        """
                        {"shape":"linear","steps":[{"name":"a","inputs":{"n":"input.n"},
                           "action":{"nothing":{}}}]}
                        """,
                        "{\"n\":7,\"text\":\"" + text + "\"}");
        assertThat(output(run).at("/outputs/a/n").asInt()).isEqualTo(7);
        var task = "/api/v1/tasks/" + run.path("task_id");
        assertThat(server.ask("POST", task + "/execute", "{\"input\":[1]}").status())
                .isEqualTo(400);
        assertThat(server.ask("POST", task + "/execute", "{\"other\":1}").status()).isEqualTo(400);
    }

    @Test
    void a_workflow_outlasts_the_server_that_began_it() throws Exception {
        outlast(folder.resolve("sqlite"), new StoreSettings.Sqlite(folder.resolve("sqlite")));
    }

    @Test
    void a_workflow_outlasts_its_node_on_postgresql() throws Exception {
        outlast(folder.resolve("postgres"), TestPostgres.newDatabase());
    }

    private void outlast(Path home, StoreSettings store) throws Exception {
        Files.createDirectories(home);
        server.close();
        var asked = new ConcurrentHashMap<String, Integer>();
        var gate = new CountDownLatch(1);
        try (var provider =
                new ChatServer(
                        heard -> {
                            var text = heard.body().at("/messages/0/content").asText();
                            asked.merge(text, 1, Integer::sum);
                            if (text.equals("b") && gate.getCount() > 0) {
                                rest();
                            }
                            return ServerBatchesTest.answer("yes");
                        })) {
            server = WholeServer.start(home, store);
            model(provider);
            var run =
                    begin(
                            """
                            {"shape":"linear","steps":[
                              {"name":"a","order":1,
                               "action":{"prompt":{"model":"m","text":"a"}}},
                              {"name":"b","order":2,
                               "action":{"prompt":{"model":"m","text":"b"}}},
                              {"name":"c","order":3,
                               "action":{"prompt":{"model":"m","text":"c"}}}]}
                            """,
                            "{}");
            Awaitility.await().until(() -> asked.containsKey("b"));
            server.close();
            gate.countDown();
            server = WholeServer.start(home, store);
            var whole = ended(run);
            assertThat(whole.path("state").asText()).isEqualTo("SUCCEEDED");
            assertThat(asked).containsEntry("a", 1).containsEntry("c", 1);
            assertThat(steps(whole)).hasSize(3);
        }
    }

    private static void rest() {
        try {
            boolean opened = new CountDownLatch(1).await(500, TimeUnit.MILLISECONDS);
            assertThat(opened).isFalse();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void a_thousand_steps_at_once_and_a_long_line_come_to_their_end() throws Exception {
        for (var shape : List.of("parallel", "linear")) {
            int count = shape.equals("parallel") ? 1_000 : 300;
            var steps = Json.array();
            for (int i = 0; i < count; i++) {
                var step = steps.addObject().put("name", "s" + i).put("order", i);
                step.putObject("action").putObject("nothing");
            }
            var workflow = Json.object().put("shape", shape);
            workflow.set("steps", steps);
            var run = run(Json.write(workflow), "{}");
            assertThat(output(run).path("succeeded").asInt()).isEqualTo(count);
        }
    }
}
