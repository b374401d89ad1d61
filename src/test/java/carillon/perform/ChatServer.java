package carillon.perform;

import carillon.json.Json;
import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Function;

/// A provider of models on loopback that gives every question the answer that a test says.
public final class ChatServer implements AutoCloseable {
    /// An answer of the provider.
    public record Told(int status, Map<String, String> headers, String body) {
        public static Told ok(String body) {
            return new Told(200, Map.of(), body);
        }

        public static Told events(String body) {
            return new Told(200, Map.of("Content-Type", "text/event-stream"), body);
        }
    }

    public record Asked(String path, Headers headers, JsonNode body) {
        public String header(String name) {
            return String.valueOf(headers.getFirst(name));
        }
    }

    private final HttpServer server;
    private final Function<Asked, Told> telling;
    private final BlockingQueue<Asked> asked = new LinkedBlockingQueue<>();

    public ChatServer(Told told) throws IOException {
        this(_ -> told);
    }

    public ChatServer(Function<Asked, Told> telling) throws IOException {
        this.telling = telling;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 500);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            var question = exchange.getRequestBody().readAllBytes();
            var heard =
                    new Asked(
                            exchange.getRequestURI().toString(),
                            exchange.getRequestHeaders(),
                            Json.read(question));
            asked.add(heard);
            var told = telling.apply(heard);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            told.headers.forEach(exchange.getResponseHeaders()::set);
            var body = told.body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(told.status, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
    }

    /// The next question that was asked; throws when there is none.
    public Asked next() {
        return asked.remove();
    }

    public int count() {
        return asked.size();
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/v1");
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
