package carillon.perform;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/// A web server on an ephemeral loopback port that keeps what it was sent, and answers each path
/// `/STATUS` with that status.
final class RecordingTarget implements AutoCloseable {
    /// A request as it arrived; the header names in lower case.
    record Received(String method, String path, Map<String, String> headers, String body) {
        Optional<String> header(String name) {
            return Optional.ofNullable(headers.get(name));
        }
    }

    private final HttpServer server;
    private final BlockingQueue<Received> received = new LinkedBlockingQueue<>();
    private final Map<String, String> answerHeaders;
    private final byte[] answerBody;

    RecordingTarget(Map<String, String> answerHeaders, byte[] answerBody) throws IOException {
        this.answerHeaders = Map.copyOf(answerHeaders);
        this.answerBody = answerBody.clone();
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    RecordingTarget() throws IOException {
        this(Map.of(), "fine".getBytes(StandardCharsets.UTF_8));
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            var headers = new HashMap<String, String>();
            exchange.getRequestHeaders()
                    .forEach(
                            (name, values) ->
                                    headers.put(
                                            name.toLowerCase(java.util.Locale.ROOT),
                                            String.join("|", values)));
            var body = exchange.getRequestBody().readAllBytes();
            var path = exchange.getRequestURI().getPath();
            received.add(
                    new Received(
                            exchange.getRequestMethod(),
                            exchange.getRequestURI().toString(),
                            headers,
                            new String(body, StandardCharsets.UTF_8)));
            answerHeaders.forEach(exchange.getResponseHeaders()::set);
            int status = path.matches("/\\d{3}") ? Integer.parseInt(path.substring(1)) : 200;
            boolean hasBody =
                    status != 204 && status != 304 && !exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(status, hasBody ? answerBody.length : -1);
            if (hasBody) {
                exchange.getResponseBody().write(answerBody);
            }
        }
    }

    URI url(String path) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
    }

    Received next() throws InterruptedException {
        return received.take();
    }

    int waiting() {
        return received.size();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
