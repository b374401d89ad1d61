package carillon.dialect.crewai;

import static org.assertj.core.api.Assertions.assertThat;

import carillon.WholeServer;
import carillon.json.Json;
import carillon.perform.ChatServer;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// A whole server that speaks CrewAI, with a provider of models whose answers a test says.
abstract class CrewTest {
    static final String API = "/crewai/api/v1";
    static final String TIME = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z";

    @TempDir private Path folder;
    private WholeServer server;
    private ChatServer provider;
    private final Queue<JsonNode> asked = new ConcurrentLinkedQueue<>();
    private volatile Function<String, String> answering = text -> "answer";

    @BeforeEach
    final void open() throws Exception {
        server = WholeServer.start(folder);
        provider =
                new ChatServer(
                        heard -> {
                            asked.add(heard.body());
                            return told(answering.apply(question(heard.body())));
                        });
        server.post(
                "/api/v1/models",
                "{\"name\":\"m\",\"provider\":\"openai\",\"base_url\":\"%s\"}"
                        .formatted(provider.url()));
    }

    @AfterEach
    final void close() {
        server.close();
        provider.close();
    }

    private static ChatServer.Told told(String text) {
        if (text.equals("FAIL")) {
            return new ChatServer.Told(400, Map.of(), "{\"error\":{\"message\":\"no\"}}");
        }
        var answer = Json.object();
        var choice = answer.putArray("choices").addObject();
        choice.put("index", 0).put("finish_reason", "stop");
        choice.putObject("message").put("role", "assistant").put("content", text);
        answer.putObject("usage")
                .put("prompt_tokens", 10)
                .put("completion_tokens", 5)
                .put("total_tokens", 15);
        return ChatServer.Told.ok(Json.write(answer));
    }

    /// The last message.
    static String question(JsonNode body) {
        return body.path("messages")
                .path(body.path("messages").size() - 1)
                .path("content")
                .asText();
    }

    /// `FAIL` is an answer that the provider refuses to give.
    final void answers(Function<String, String> wanted) {
        answering = wanted;
    }

    final List<JsonNode> asked() {
        return List.copyOf(asked);
    }

    final WholeServer server() {
        return server;
    }

    final JsonNode get(String path) throws IOException, InterruptedException {
        return server.get(API + path);
    }

    final JsonNode made(String path, String body) throws IOException, InterruptedException {
        var said = server.ask("POST", API + path, body);
        assertThat(said.status()).as(said.whole().body()).isEqualTo(201);
        return said.body();
    }

    final JsonNode done(String method, String path, String body)
            throws IOException, InterruptedException {
        var said = server.ask(method, API + path, body);
        assertThat(said.status()).as(said.whole().body()).isEqualTo(200);
        return said.body();
    }

    final JsonNode refused(String method, String path, String body, int status, String code)
            throws IOException, InterruptedException {
        var said = server.ask(method, API + path, body);
        assertThat(said.status()).as(said.whole().body()).isEqualTo(status);
        assertThat(said.body().path("error").asText()).isEqualTo(code);
        assertThat(said.body().path("message").asText()).isNotBlank();
        assertThat(said.body().path("details").isObject()).isTrue();
        return said.body().path("details");
    }

    final long agent(String name) throws IOException, InterruptedException {
        return made(
                        "/agents/",
                        """
                        {"name":"%s","role":"Writer","goal":"Write well","model":"m",
                         "backstory":"Once a poet"}
                        """
                                .formatted(name))
                .path("id")
                .asLong();
    }

    final long workflow(String type, String config) throws IOException, InterruptedException {
        return made(
                        "/workflows/",
                        """
                        {"name":"w","workflow_type":"%s","config":%s}
                        """
                                .formatted(type, config))
                .path("id")
                .asLong();
    }

    final long task(long workflow, long agent, String name, String more)
            throws IOException, InterruptedException {
        return made(
                        "/tasks/",
                        """
                        {"workflow_id":%d,"agent_id":%d,"name":"%s","task_type":"ai_task"%s}
                        """
                                .formatted(workflow, agent, name, more))
                .path("id")
                .asLong();
    }

    /// Executes the workflow and waits for its end.
    final JsonNode executed(long workflow, String input) throws IOException, InterruptedException {
        var begun = done("POST", "/workflows/" + workflow + "/execute", input);
        assertThat(begun.path("status").asText()).isIn("pending", "running");
        return ended(begun.path("id").asLong());
    }

    final JsonNode ended(long execution) {
        return server.await(
                API + "/executions/" + execution, view -> !view.path("completed_at").isNull());
    }

    static List<String> names(JsonNode object) {
        return StreamSupport.stream(((Iterable<String>) object::fieldNames).spliterator(), false)
                .toList();
    }
}
