package carillon.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import carillon.json.Json;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class ServerCallsTest {
    private final AtomicInteger asked = new AtomicInteger();
    private List<Integer> answers = List.of();
    private HttpServer server;
    private ServerCalls calls;

    @BeforeEach
    void start() throws IOException {
        var here = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        server = HttpServer.create(here, 0);
        server.createContext(
                "/",
                exchange -> {
                    int status = answers.get(Math.min(asked.getAndIncrement(), answers.size() - 1));
                    var body = "{\"detail\":\"said so\"}".getBytes(StandardCharsets.UTF_8);
                    exchange.getResponseHeaders().add("Retry-After", "0");
                    exchange.sendResponseHeaders(status, body.length);
                    exchange.getResponseBody().write(body);
                    exchange.close();
                });
        server.start();
        var url = "http://127.0.0.1:" + server.getAddress().getPort() + "/";
        calls = ServerCalls.to(URI.create(url), "car_canary");
    }

    @AfterEach
    void stop() {
        calls.close();
        server.stop(0);
    }

    @Test
    void a_call_that_comes_too_soon_is_made_again() throws Exception {
        answers = List.of(429, 429, 201);
        assertThat(calls.post("tasks", Json.object()).status()).isEqualTo(201);
        assertThat(asked).hasValue(3);
    }

    @Test
    void a_server_that_never_takes_it_is_given_up() {
        answers = List.of(429);
        assertThatThrownBy(() -> calls.get("tasks"))
                .isInstanceOf(ServerCallException.class)
                .hasMessageContaining("too many requests");
    }

    @Test
    void a_refusal_is_told_in_the_words_of_the_server_and_a_wrong_key_ends_all() throws Exception {
        answers = List.of(400, 403);
        assertThat(calls.get("tasks").reason()).isEqualTo("said so");
        assertThatThrownBy(() -> calls.get("tasks"))
                .isInstanceOf(ServerCallException.class)
                .hasMessage("the key does not do: said so");
    }
}
