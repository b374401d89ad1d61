package carillon.dialect.crewai;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import carillon.json.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(120)
final class CrewSocketTest extends CrewTest {
    private final HttpClient http = HttpClient.newHttpClient();

    /// A client that keeps what it hears.
    private static final class Ear implements WebSocket.Listener {
        private final Queue<JsonNode> heard = new ConcurrentLinkedQueue<>();
        private final StringBuilder part = new StringBuilder();
        private final AtomicInteger closed = new AtomicInteger();

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
            part.append(text);
            if (last) {
                heard.add(Json.read(part.toString()));
                part.setLength(0);
            }
            socket.request(1);
            return CompletableFuture.completedFuture(true);
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
            closed.set(status);
            return CompletableFuture.completedFuture(true);
        }

        private JsonNode next() {
            Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> !heard.isEmpty());
            return heard.remove();
        }

        private List<String> types() {
            return heard.stream().map(frame -> frame.path("type").asText()).toList();
        }
    }

    private URI uri(String path) {
        return URI.create(server().uri("/crewai" + path).toString().replaceFirst("http", "ws"));
    }

    private WebSocket open(Ear ear) {
        return http.newWebSocketBuilder().buildAsync(uri("/ws/"), ear).join();
    }

    private static void say(WebSocket socket, String text) {
        assertThat(socket.sendText(text, true).join()).isSameAs(socket);
    }

    @ParameterizedTest
    @CsvSource({"/ws/", "/ws", "/api/v1/ws/"})
    void a_socket_greets_answers_pings_and_tells_what_it_does_not_know(String path) {
        var ear = new Ear();
        var socket = http.newWebSocketBuilder().buildAsync(uri(path), ear).join();
        var hello = ear.next();
        assertThat(names(hello)).containsExactly("type", "client_id", "message");
        assertThat(hello.path("type").asText()).isEqualTo("connection_established");
        assertThat(hello.path("client_id").asText()).isNotBlank();
        say(socket, "{\"type\":\"ping\",\"timestamp\":\"2024-01-15T10:30:00Z\"}");
        assertThat(ear.next().toString())
                .isEqualTo("{\"type\":\"pong\",\"timestamp\":\"2024-01-15T10:30:00Z\"}");
        say(socket, "{\"type\":\"subscribe_workflow\",\"workflow_id\":1}");
        assertThat(ear.next().toString())
                .isEqualTo(
                        "{\"type\":\"subscribed\",\"workflow_id\":1,"
                                + "\"message\":\"Subscribed to workflow 1\"}");
        say(socket, "{\"type\":\"unsubscribe_workflow\",\"workflow_id\":1}");
        assertThat(ear.next().path("type").asText()).isEqualTo("unsubscribed");
        say(socket, "{\"type\":\"subscribe_agent\",\"agent_id\":2}");
        assertThat(ear.next().path("agent_id").asInt()).isEqualTo(2);
        say(socket, "{\"type\":\"dance\"}");
        assertThat(ear.next().toString())
                .isEqualTo("{\"type\":\"error\",\"message\":\"Unknown message type: dance\"}");
        say(socket, "no json");
        assertThat(ear.next().path("type").asText()).isEqualTo("error");
        say(socket, "{\"type\":\"subscribe_agent\",\"agent_id\":\"x\"}");
        assertThat(ear.next().path("message").asText()).isEqualTo("agent_id must be an integer");
    }

    @Test
    void subscribers_hear_of_their_workflows_and_agents_and_of_no_others() throws Exception {
        answers(text -> text.startsWith("bad") ? "FAIL" : "fine");
        long agent = agent("Ann");
        long other = agent("Bob");
        long workflow = workflow("linear", "null");
        long one = task(workflow, agent, "one", ",\"order\":1");
        long two = task(workflow, other, "two", ",\"order\":2");
        long failing = workflow("linear", "null");
        long bad = task(failing, other, "bad", "");
        var ofWorkflow = new Ear();
        var ofAgent = new Ear();
        say(
                open(ofWorkflow),
                "{\"type\":\"subscribe_workflow\",\"workflow_id\":%d}".formatted(workflow));
        say(open(ofAgent), "{\"type\":\"subscribe_agent\",\"agent_id\":%d}".formatted(other));
        Awaitility.await().until(() -> ofWorkflow.heard.size() == 2 && ofAgent.heard.size() == 2);
        ofWorkflow.heard.clear();
        ofAgent.heard.clear();

        long execution = executed(workflow, "").path("id").asLong();
        executed(failing, "");
        Awaitility.await().until(() -> ofWorkflow.heard.size() >= 4 && ofAgent.heard.size() >= 2);
        assertThat(ofWorkflow.types())
                .containsExactlyInAnyOrder(
                        "workflow_started",
                        "task_completed",
                        "task_completed",
                        "workflow_completed");
        assertThat(ofWorkflow.types()).endsWith("workflow_completed");
        for (var frame : ofWorkflow.heard) {
            assertThat(frame.path("execution_id").asLong()).isEqualTo(execution);
            assertThat(frame.path("workflow_id").asLong()).isEqualTo(workflow);
        }
        assertThat(ofWorkflow.heard.stream().map(frame -> frame.path("task_id").asLong()))
                .contains(one, two);
        assertThat(ofAgent.types()).containsExactly("task_completed", "task_completed");
        assertThat(ofAgent.heard.stream().map(frame -> frame.path("task_id").asLong()))
                .containsExactlyInAnyOrder(two, bad);
        assertThat(ofAgent.heard.stream().map(frame -> frame.path("status").asText()))
                .containsExactlyInAnyOrder("completed", "failed");
    }

    @Test
    void a_workflow_that_fails_is_told_as_failed() throws Exception {
        answers(_ -> "FAIL");
        long workflow = workflow("parallel", "null");
        long task = task(workflow, agent("Ann"), "bad", "");
        var ear = new Ear();
        say(open(ear), "{\"type\":\"subscribe_workflow\",\"workflow_id\":%d}".formatted(workflow));
        Awaitility.await().until(() -> ear.types().contains("subscribed"));
        executed(workflow, "");
        Awaitility.await().until(() -> ear.types().contains("workflow_failed"));
        var frame = ear.heard.stream().reduce((_, last) -> last).orElseThrow();
        assertThat(frame.path("status").asText()).isEqualTo("failed");
        assertThat(frame.path("error").asText()).isEqualTo("step '" + task + "' failed");
    }

    @Test
    void pages_of_other_origins_cannot_open_one_and_plain_requests_are_told_so() throws Exception {
        assertThatThrownBy(
                        () ->
                                http.newWebSocketBuilder()
                                        .header("Origin", "https://evil.example")
                                        .buildAsync(uri("/ws/"), new Ear())
                                        .join())
                .isInstanceOfSatisfying(
                        CompletionException.class,
                        e -> {
                            var refused = refusal(e);
                            assertThat(refused.getResponse().statusCode()).isEqualTo(403);
                        });
        var said = server().ask("GET", "/crewai/ws/", "");
        assertThat(said.status()).isEqualTo(422);
        assertThat(said.body().path("error").asText()).isEqualTo("VALIDATION_ERROR");
    }

    @Test
    void a_message_that_is_too_large_ends_the_socket() {
        var ear = new Ear();
        var socket = open(ear);
        assertThat(ear.next().path("type").asText()).isEqualTo("connection_established");
        say(socket, "{\"type\":\"" + "x".repeat(65 * 1024) + "\"}");
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> ear.closed.get() > 0);
        assertThat(ear.closed).hasValue(1009);
    }

    private static WebSocketHandshakeException refusal(CompletionException e) {
        return (WebSocketHandshakeException) requireNonNull(e.getCause(), "cause");
    }
}
