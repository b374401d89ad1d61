package carillon.faults;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// A process of its own that writes down what the outside world saw: one line a request, with its
/// `webhook-id`, task, attempt and the time in milliseconds, on disk before the request is
/// answered. `/slow/MILLIS` is answered so much later.
///
/// `OutsideLedger FILE` prints its port and runs until it is stopped.
final class OutsideLedger {
    private static final int MAX_BATCH = 1_000;

    private final BlockingQueue<Entry> entries = new LinkedBlockingQueue<>();

    private record Entry(String line, CompletableFuture<Void> written) {}

    private OutsideLedger() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        // It would close connections at which a request may just arrive.
        System.setProperty("sun.net.httpserver.maxIdleConnections", "100000");
        var ledger = new OutsideLedger();
        var server =
                HttpServer.create(
                        new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 1_024);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", ledger::answer);
        server.start();
        System.out.println(server.getAddress().getPort());
        ledger.write(Path.of(arguments[0]));
    }

    private void answer(HttpExchange exchange) throws IOException {
        exchange.getRequestBody().readAllBytes();
        var headers = exchange.getRequestHeaders();
        var line =
                String.join(
                        " ",
                        headers.getFirst("webhook-id"),
                        headers.getFirst("X-Carillon-Task-Id"),
                        headers.getFirst("X-Carillon-Attempt"),
                        Long.toString(System.currentTimeMillis()));
        var entry = new Entry(line, new CompletableFuture<>());
        entries.add(entry);
        entry.written.join();
        var path = exchange.getRequestURI().getPath();
        if (path.startsWith("/slow/")) {
            rest(Long.parseLong(path.substring("/slow/".length())));
        }
        exchange.sendResponseHeaders(204, -1);
        exchange.close();
    }

    private static void rest(long millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Writes entries for ever, those that wait together in one go.
    private void write(Path file) throws IOException, InterruptedException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        try (var channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            while (true) {
                var batch = new ArrayList<Entry>();
                batch.add(entries.take());
                entries.drainTo(batch, MAX_BATCH);
                var text = new StringBuilder();
                batch.forEach(entry -> text.append(entry.line).append('\n'));
                var bytes = ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(false);
                batch.forEach(entry -> entry.written.complete(null));
            }
        }
    }
}
