package carillon;

import static org.assertj.core.api.Assertions.assertThat;

import carillon.json.Json;
import carillon.perform.ChatServer;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Agents with tools on a whole server, with models that ask for them: for good, and for ill.
@Timeout(120)
final class AgentsWorkTest {
    @TempDir private Path folder;
    private WholeServer server;
    private ChatServer provider;
    private final Queue<JsonNode> asked = new ConcurrentLinkedQueue<>();
    private volatile IntFunction<ChatServer.Told> telling = _ -> text("done");

    @BeforeEach
    void start() throws Exception {
        server = WholeServer.start(folder);
        provider =
                new ChatServer(
                        heard -> {
                            asked.add(heard.body());
                            return telling.apply(asked.size());
                        });
        server.post(
                "/api/v1/models",
                """
                {"name":"m","provider":"openai","base_url":"%s","prices":{"input":1,"output":1}}
                """
                        .formatted(provider.url()));
    }

    @AfterEach
    void stop() {
        server.close();
        provider.close();
    }

    private static ChatServer.Told text(String text) {
        return told(Json.object().put("role", "assistant").put("content", text), "stop");
    }

    private static ChatServer.Told call(String tool, String arguments) {
        return calls(1, tool, arguments);
    }

    private static ChatServer.Told calls(int count, String tool, String arguments) {
        var message = Json.object().put("role", "assistant").putNull("content");
        var calls = message.putArray("tool_calls");
        for (int i = 0; i < count; i++) {
            calls.addObject()
                    .put("id", "call_" + i)
                    .put("type", "function")
                    .putObject("function")
                    .put("name", tool)
                    .put("arguments", arguments);
        }
        return told(message, "tool_calls");
    }

    private static ChatServer.Told told(JsonNode message, String reason) {
        var answer = Json.object();
        var choice = answer.putArray("choices").addObject();
        choice.put("index", 0).put("finish_reason", reason).set("message", message);
        answer.putObject("usage")
                .put("prompt_tokens", 10)
                .put("completion_tokens", 5)
                .put("total_tokens", 15);
        return ChatServer.Told.ok(Json.write(answer));
    }

    private JsonNode run(String tools, String more) throws Exception {
        server.post(
                "/api/v1/agents",
                """
                {"name":"ann","role":"Finder","goal":"Find","model":"m","tools":%s%s}
                """
                        .formatted(tools, more));
        var task =
                server.post(
                        "/api/v1/tasks",
                        """
                        {"name":"find","retry":{"attempts":3,"initial":"10ms"},
                         "action":{"agent":{"agent":"ann","text":"Look it up"}}}
                        """);
        var run = server.post("/api/v1/tasks/" + task.path("id") + "/execute?wait=20s", "");
        return server.await(
                "/api/v1/runs/" + run.path("id"), one -> !one.path("finished_at").isNull());
    }

    private List<JsonNode> transcript(JsonNode run) throws Exception {
        return server.get("/api/v1/runs/" + run.path("id") + "/transcript")
                .path("entries")
                .valueStream()
                .toList();
    }

    private List<JsonNode> results(JsonNode run) throws Exception {
        return transcript(run).stream()
                .filter(entry -> entry.path("kind").asText().equals("result"))
                .toList();
    }

    private String liveness() {
        return server.uri("/health/live").toString();
    }

    @Test
    void an_agent_uses_a_tool_and_answers_with_what_it_brought() throws Exception {
        telling =
                time ->
                        time == 1
                                ? call("http_get", "{\"url\":\"" + liveness() + "\"}")
                                : text("It is alive");
        var run = run("[\"http_get\",\"unknown_tool\"]", "");

        assertThat(run.path("state").asText()).as(run.toString()).isEqualTo("SUCCEEDED");
        assertThat(run.at("/output/body").asText()).isEqualTo("It is alive");
        assertThat(asked).hasSize(2);
        var first = asked.remove();
        assertThat(first.path("tools")).hasSize(1);
        assertThat(first.at("/tools/0/function/name").asText()).isEqualTo("http_get");
        assertThat(first.at("/tools/0/function/parameters/properties/url/type").asText())
                .isEqualTo("string");
        assertThat(first.at("/messages/0/content").asText()).contains("You are Finder.");
        var second = asked.remove().path("messages");
        assertThat(second).hasSize(4);
        assertThat(second.at("/2/tool_calls/0/id").asText()).isEqualTo("call_0");
        assertThat(second.at("/3/role").asText()).isEqualTo("tool");
        assertThat(second.at("/3/tool_call_id").asText()).isEqualTo("call_0");
        assertThat(second.at("/3/content").asText()).startsWith("status 200\n");
        var transcript = transcript(run);
        assertThat(transcript.stream().map(entry -> entry.path("kind").asText()))
                .containsExactly("answer", "result", "answer");
        assertThat(transcript.get(1).path("succeeded").asBoolean()).isTrue();
        assertThat(run.at("/tokens/total").asInt()).as(run.toString()).isEqualTo(30);
    }

    @Test
    void a_model_that_asks_for_tools_for_ever_is_stopped_by_the_bounds_of_the_agent()
            throws Exception {
        telling = _ -> call("http_get", "{\"url\":\"" + liveness() + "\"}");
        var run = run("[\"http_get\"]", ",\"limits\":{\"steps\":3}");
        assertThat(run.path("state").asText()).isEqualTo("FAILED");
        assertThat(run.path("reason").asText())
                .isEqualTo("the agent was stopped: it has had 3 answers of its model");
        assertThat(asked).hasSize(3);
        assertThat(results(run)).hasSize(3);
    }

    @Test
    void tokens_and_money_are_bounds_too() throws Exception {
        telling = _ -> call("http_get", "{\"url\":\"" + liveness() + "\"}");
        var run = run("[\"http_get\"]", ",\"limits\":{\"tokens\":31}");
        assertThat(run.path("reason").asText()).contains("45 of 31 tokens");
        assertThat(asked).hasSize(3);
        asked.clear();
        server.ask("DELETE", "/api/v1/agents/ann", "");
        var second = run("[\"http_get\"]", ",\"limits\":{\"cost\":0.00002}");
        assertThat(second.path("reason").asText()).contains("its money is used up");
        assertThat(asked).hasSize(2);
    }

    @Test
    void tools_that_are_not_the_agents_are_refused_and_so_is_nonsense() throws Exception {
        telling =
                time ->
                        switch (time) {
                            case 1 -> call("delete_everything", "{}");
                            case 2 -> call("http_get", "{\"url\":");
                            case 3 -> call("http_get", "[1]");
                            case 4 -> call("http_get", "{\"url\":\"not a url\"}");
                            case 5 -> call("read_response", "{\"task_id\":1}");
                            case 6 ->
                                    call("http_get", "{\"url\":\"http://169.254.169.254/latest\"}");
                            case 7 -> call("http_get", "{\"url\":\"" + "x".repeat(70_000) + "\"}");
                            case 8 -> calls(20, "http_get", "{\"url\":\"" + liveness() + "\"}");
                            default -> text("I give up");
                        };
        var run = run("[\"http_get\"]", "");
        assertThat(run.at("/output/body").asText()).isEqualTo("I give up");
        var results = results(run);
        assertThat(results).hasSize(27);
        assertThat(results).allMatch(result -> !result.path("succeeded").asBoolean());
        var texts = results.stream().map(result -> result.path("text").asText()).toList();
        assertThat(texts.get(0)).contains("there is no tool 'delete_everything'", "http_get");
        assertThat(texts.get(1)).contains("are no JSON");
        assertThat(texts.get(2)).contains("must be a JSON object");
        assertThat(texts.get(3)).contains("the url is none");
        assertThat(texts.get(4)).contains("there is no tool 'read_response' for you");
        assertThat(texts.get(5)).contains("169.254.169.254");
        assertThat(texts.get(6)).contains("longer than 64 KiB");
        assertThat(texts.get(7)).contains("at most 16 calls at once");
    }

    @Test
    void an_attempt_after_a_fault_goes_on_where_the_one_before_stood() throws Exception {
        telling =
                time ->
                        switch (time) {
                            case 1 -> call("http_get", "{\"url\":\"" + liveness() + "\"}");
                            case 2 -> new ChatServer.Told(500, Map.of(), "{}");
                            default -> text("found");
                        };
        var run = run("[\"http_get\"]", "");
        assertThat(run.path("state").asText()).isEqualTo("SUCCEEDED");
        assertThat(run.path("attempt").asInt()).isEqualTo(2);
        assertThat(asked).hasSize(3);
        assertThat(transcript(run)).hasSize(3);
    }

    @Test
    void a_tool_reads_what_a_model_said_in_another_task() throws Exception {
        var task =
                server.post(
                        "/api/v1/tasks",
                        """
                        {"name":"say","action":{"prompt":{"model":"echo","text":"the secret word"}}}
                        """);
        server.post("/api/v1/tasks/" + task.path("id") + "/execute?wait=20s", "");
        telling =
                time ->
                        time == 1
                                ? call("read_response", "{\"task_id\":" + task.path("id") + "}")
                                : text("read");
        var run = run("[\"read_response\"]", "");
        assertThat(results(run).getFirst().path("text").asText()).contains("the secret word");
    }

    @Test
    void an_agent_is_tried_and_its_bounds_hold_for_steps_of_workflows() throws Exception {
        server.post(
                "/api/v1/agents",
                "{\"name\":\"bob\",\"role\":\"Writer\",\"goal\":\"Write\",\"model\":\"m\"}");
        var tried = server.post("/api/v1/agents/bob/test", "{\"input\":\"Well?\"}");
        assertThat(tried.path("ok").asBoolean()).isTrue();
        assertThat(tried.path("text").asText()).isEqualTo("done");
        assertThat(tried.at("/tokens/total").asInt()).isEqualTo(15);
        telling = _ -> new ChatServer.Told(400, Map.of(), "{}");
        assertThat(
                        server.post("/api/v1/agents/bob/test", "{\"input\":\"x\"}")
                                .path("ok")
                                .asBoolean())
                .isFalse();
        assertThat(server.ask("POST", "/api/v1/agents/bob/test", "{}").status()).isEqualTo(400);
        assertThat(server.ask("GET", "/api/v1/runs/1/transcript", "").status()).isEqualTo(404);

        telling = _ -> text("step done");
        var workflow =
                server.post(
                        "/api/v1/tasks",
                        """
                        {"name":"w","action":{"workflow":{"shape":"linear","steps":[
                          {"name":"one","order":1,"action":{"agent":{"agent":"bob","text":"One"}}},
                          {"name":"two","order":2,"inputs":{"First":"steps.one.output"},
                           "action":{"agent":{"agent":"bob","text":"Two"}}}]}}}
                        """);
        var run = server.post("/api/v1/tasks/" + workflow.path("id") + "/execute?wait=20s", "");
        assertThat(run.path("state").asText()).isEqualTo("SUCCEEDED");
        var last = asked.stream().reduce((_, one) -> one).orElseThrow();
        assertThat(last.at("/messages/1/content").asText()).isEqualTo("Two\n\nFirst:\nstep done");
    }

    private String task(String name, String action) throws Exception {
        var body = "{\"name\":\"%s\",\"action\":%s}".formatted(name, action);
        return server.post("/api/v1/tasks", body).path("id").asText();
    }

    private static final String HANDS_ON =
            """
            {"workflow":{"shape":"linear","steps":[
              {"name":"a","inputs":{"x":"input.x"},"action":{"nothing":{}}}]}}
            """;

    @Test
    void an_agent_runs_a_task_and_is_told_its_output_then_and_later() throws Exception {
        var task = task("hands on", HANDS_ON);
        telling =
                time ->
                        switch (time) {
                            case 1 ->
                                    call(
                                            "run_task",
                                            "{\"task_id\":%s,\"input\":{\"x\":\"word 7\"}}"
                                                    .formatted(task));
                            case 2 -> call("run_task", "{\"run_id\":" + begun(task) + "}");
                            default -> text("done");
                        };
        var run = run("[\"run_task\"]", "");

        assertThat(run.path("state").asText()).as(run.toString()).isEqualTo("SUCCEEDED");
        var begun = server.get("/api/v1/runs/" + begun(task));
        assertThat(begun.path("trigger").asText()).isEqualTo("AGENT");
        assertThat(begun.path("parent_id")).isEqualTo(run.path("id"));
        var results = results(run);
        assertThat(results).hasSize(2);
        assertThat(results)
                .allMatch(result -> result.path("succeeded").asBoolean())
                .allMatch(result -> result.path("text").asText().contains("word 7"));
        assertThat(server.get("/api/v1/tasks/" + task + "/runs").path("data")).hasSize(1);
    }

    /// The run of the task.
    private String begun(String task) {
        try {
            return server.get("/api/v1/tasks/" + task + "/runs").at("/data/0/id").asText();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void runs_that_may_not_be_or_fail_are_told_to_the_agent() throws Exception {
        var failing = task("fails", "{\"agent\":{\"agent\":\"nobody\",\"text\":\"x\"}}");
        var others = server.post("/api/v1/tasks/" + failing + "/execute?wait=20s", "").path("id");
        telling =
                time ->
                        switch (time) {
                            case 1 -> call("run_task", "{\"task_id\":999999}");
                            case 2 -> call("run_task", "{\"task_id\":\"all\"}");
                            case 3 -> call("run_task", "{\"task_id\":1,\"run_id\":1}");
                            case 4 -> call("run_task", "{\"run_id\":" + others + "}");
                            case 5 ->
                                    call(
                                            "run_task",
                                            "{\"task_id\":%s,\"input\":[]}".formatted(failing));
                            case 6 -> call("run_task", "{\"task_id\":" + failing + "}");
                            default -> text("done");
                        };
        var results = results(run("[\"run_task\"]", ""));

        assertThat(results).hasSize(6);
        assertThat(results).noneMatch(result -> result.path("succeeded").asBoolean());
        var texts = results.stream().map(result -> result.path("text").asText()).toList();
        assertThat(texts.get(0)).isEqualTo("there is no task 999999");
        assertThat(texts.get(1)).contains("must be the number of a task");
        assertThat(texts.get(2)).contains("either task_id or run_id");
        assertThat(texts.get(3)).contains("a run that you began");
        assertThat(texts.get(4)).contains("input must be a JSON object");
        assertThat(texts.get(5)).contains("FAILED", "there is no agent 'nobody'");
    }

    @Test
    void agents_that_run_tasks_of_agents_come_to_an_end() throws Exception {
        var word = task("word", "{\"prompt\":{\"model\":\"echo\",\"text\":\"w\"}}");
        var second =
                task(
                        "second",
                        """
                        {"workflow":{"shape":"linear","steps":[
                          {"name":"a","action":{"agent":{"agent":"ann","text":"Go on"}}}]}}
                        """);
        telling =
                time ->
                        switch (time) {
                            case 1 -> call("run_task", "{\"task_id\":" + second + "}");
                            case 2 -> call("run_task", "{\"task_id\":" + word + "}");
                            case 3 -> call("run_task", "{\"task_id\":" + second + "}");
                            default -> text("done");
                        };
        var run = run("[\"run_task\"]", "");

        assertThat(run.path("state").asText()).as(run.toString()).isEqualTo("SUCCEEDED");
        assertThat(results(run)).hasSize(1);
        assertThat(asked).hasSize(5);
        var told = asked.stream().map(JsonNode::toString).toList();
        assertThat(told.get(2)).contains("an agent began your run");
        assertThat(told.get(3)).contains("is the one that you are at work in");
        assertThat(server.get("/api/v1/tasks/" + word + "/runs").path("data")).isEmpty();
        assertThat(server.get("/api/v1/tasks/" + second + "/runs").path("data")).hasSize(1);
    }
}
