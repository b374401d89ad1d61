package carillon.dialect;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;

/// A webhook target on loopback. A path `/NAME/STATUS` is answered with that status; the text of
/// the answer is what was set for NAME, by default `OK`. What it got is kept.
public final class Receiver implements AutoCloseable {
    /// One request that came in. Header names are in lower case.
    public record Hit(String method, String path, Map<String, String> headers, String body) {}

    private final HttpServer server;
    private final List<Hit> hits = new CopyOnWriteArrayList<>();
    private final Map<String, String> answers = new ConcurrentHashMap<>();
    private final Map<String, CountDownLatch> gates = new ConcurrentHashMap<>();

    Receiver() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
    }

    public String url(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    /// What requests to `/NAME/…` are answered with from now on.
    public void answer(String name, String text) {
        answers.put(name, text);
    }

    /// Requests to `/NAME/…` wait from now on, until the latch is counted down.
    public CountDownLatch hold(String name) {
        return gates.computeIfAbsent(name, _ -> new CountDownLatch(1));
    }

    public List<Hit> hits(String name) {
        return hits.stream().filter(hit -> hit.path().startsWith("/" + name + "/")).toList();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            var path = exchange.getRequestURI().getPath();
            var headers = new TreeMap<String, String>();
            exchange.getRequestHeaders()
                    .forEach((name, values) -> headers.put(lower(name), values.getFirst()));
            var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            hits.add(new Hit(exchange.getRequestMethod(), path, headers, body));
            var parts = path.split("/", -1);
            var gate = gates.get(parts[1]);
            if (gate != null) {
                gate.await();
            }
            byte[] text = answers.getOrDefault(parts[1], "OK").getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(Integer.parseInt(parts[2]), text.length);
            exchange.getResponseBody().write(text);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    @Override
    public void close() {
        gates.values().forEach(CountDownLatch::countDown);
        server.stop(0);
    }
}
