package carillon.courier;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;

/// A web server on an ephemeral loopback port that keeps what it was sent. It answers with the
/// statuses that it was told, one after another, and then with 200 or [#answerFromNowOn].
public final class Inbox implements AutoCloseable {
    /// A request as it arrived; the header names in lower case.
    public record Received(String path, Map<String, String> headers, String body) {}

    private final HttpServer server;
    private final List<Received> received = new CopyOnWriteArrayList<>();
    private final Queue<Integer> statuses = new ArrayDeque<>();
    private final Map<String, String> answerHeaders;
    private volatile int otherwise = 200;

    public Inbox(Map<String, String> answerHeaders, int... statuses) throws IOException {
        this.answerHeaders = Map.copyOf(answerHeaders);
        for (int status : statuses) {
            this.statuses.add(status);
        }
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    public Inbox(int... statuses) throws IOException {
        this(Map.of(), statuses);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            var headers = new HashMap<String, String>();
            exchange.getRequestHeaders()
                    .forEach(
                            (name, values) ->
                                    headers.put(
                                            name.toLowerCase(Locale.ROOT),
                                            String.join("|", values)));
            var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            received.add(new Received(exchange.getRequestURI().toString(), headers, body));
            answerHeaders.forEach(exchange.getResponseHeaders()::set);
            var status = statuses.poll();
            exchange.sendResponseHeaders(status == null ? otherwise : status, -1);
        }
    }

    public String url(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    public void answerFromNowOn(int status) {
        otherwise = status;
    }

    /// All that has arrived so far.
    public List<Received> received() {
        return List.copyOf(received);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
