package carillon.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;

/// A target on a free port of loopback that gives every POST the same answer, and does as little
/// else as it can.
public final class Sink implements AutoCloseable {
    private static final String LENGTH = "content-length:";
    private static final int BACKLOG = 2_000;

    private static final Pattern STREAMED = Pattern.compile("\"stream\"\\s*:\\s*true");

    private final byte[] answer;
    private final byte[] streamed;
    private final Duration delay;
    private final ServerSocket listening;
    private final ExecutorService connections = Executors.newVirtualThreadPerTaskExecutor();
    private final CompletableFuture<Long> firstHit = new CompletableFuture<>();

    /// Answers `200 ok` at once.
    public Sink() throws IOException {
        this("text/plain", "ok", Duration.ZERO);
    }

    /// Answers with 200 after `delay`.
    Sink(String type, String body, Duration delay) throws IOException {
        this(answer(type, body), answer(type, body), delay);
    }

    private Sink(byte[] answer, byte[] streamed, Duration delay) throws IOException {
        this.answer = answer;
        this.streamed = streamed;
        this.delay = delay;
        listening = new ServerSocket(0, BACKLOG, InetAddress.ofLiteral("127.0.0.1"));
        connections.execute(this::accept);
    }

    private static byte[] answer(String type, String body) {
        var head = "HTTP/1.1 200 OK\r\nContent-Type: " + type + "\r\nContent-Length: ";
        return (head + body.length() + "\r\n\r\n" + body).getBytes(ISO_8859_1);
    }

    /// A model that answers after `delay` in the form of OpenAI's answers, or of its streams where
    /// the question asks for one.
    public static Sink model(Duration delay) throws IOException {
        var event =
                """
                {"id":"c1","object":"chat.completion%s","created":1,"model":"bench",\
                "choices":[{"index":0,"%s":{%s},"finish_reason":%s}]%s}\
                """;
        var said = "\"role\":\"assistant\",\"content\":\"Done.\"";
        var used = "\"prompt_tokens\":9,\"completion_tokens\":2,\"total_tokens\":11";
        var usage = ",\"usage\":{" + used + "}";
        var whole = event.formatted("", "message", said, "\"stop\"", usage);
        var text = event.formatted(".chunk", "delta", said, "null", "");
        var end = event.formatted(".chunk", "delta", "", "\"stop\"", usage);
        var events = "data: " + text + "\n\ndata: " + end + "\n\ndata: [DONE]\n\n";
        return new Sink(
                answer("application/json", whole), answer("text/event-stream", events), delay);
    }

    public int port() {
        return listening.getLocalPort();
    }

    static URI url(int port) {
        return URI.create("http://127.0.0.1:" + port + "/sink");
    }

    /// By [System#nanoTime].
    CompletableFuture<Long> firstHit() {
        return firstHit;
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                var socket = listening.accept();
                socket.setTcpNoDelay(true);
                connections.execute(() -> serve(socket));
            } catch (IOException e) {
                if (!listening.isClosed()) {
                    firstHit.completeExceptionally(e);
                    return;
                }
            }
        }
    }

    private static boolean asksForStream(byte[] body) {
        return STREAMED.matcher(new String(body, ISO_8859_1)).find();
    }

    private void serve(Socket socket) {
        try (socket) {
            var in = new BufferedInputStream(socket.getInputStream(), 16 * 1024);
            var out = socket.getOutputStream();
            for (var body = readRequest(in); body.isPresent(); body = readRequest(in)) {
                if (!firstHit.isDone()) {
                    firstHit.complete(System.nanoTime());
                }
                Rig.rest(delay);
                out.write(asksForStream(body.get()) ? streamed : answer);
            }
        } catch (IOException e) {
            // The caller has gone; there is nobody to tell.
        }
    }

    /// The body; empty at the end of the connection.
    private static Optional<byte[]> readRequest(InputStream in) throws IOException {
        var line = readLine(in);
        if (line.isEmpty()) {
            return Optional.empty();
        }
        int length = 0;
        for (line = readLine(in); !line.isEmpty(); line = readLine(in)) {
            if (line.regionMatches(true, 0, LENGTH, 0, LENGTH.length())) {
                length = Integer.parseInt(line.substring(LENGTH.length()).strip(), 10);
            }
        }
        return Optional.of(in.readNBytes(length));
    }

    private static String readLine(InputStream in) throws IOException {
        var line = new StringBuilder(64);
        for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        listening.close();
        connections.shutdownNow();
    }
}
