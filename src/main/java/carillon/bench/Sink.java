package carillon.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// A target on a free port of loopback that answers every POST with `200 ok`, and does as little
/// else as it can.
public final class Sink implements AutoCloseable {
    private static final byte[] ANSWER =
            "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok"
                    .getBytes(ISO_8859_1);
    private static final String LENGTH = "content-length:";
    private static final int BACKLOG = 1_000;

    private final ServerSocket listening;
    private final ExecutorService connections = Executors.newVirtualThreadPerTaskExecutor();
    private final CompletableFuture<Long> firstHit = new CompletableFuture<>();

    public Sink() throws IOException {
        listening = new ServerSocket(0, BACKLOG, InetAddress.ofLiteral("127.0.0.1"));
        connections.execute(this::accept);
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

    private void serve(Socket socket) {
        try (socket) {
            var in = new BufferedInputStream(socket.getInputStream(), 16 * 1024);
            var out = socket.getOutputStream();
            while (readRequest(in)) {
                if (!firstHit.isDone()) {
                    firstHit.complete(System.nanoTime());
                }
                out.write(ANSWER);
            }
        } catch (IOException e) {
            // The caller has gone; there is nobody to tell.
        }
    }

    /// Returns false at the end of the connection.
    private static boolean readRequest(InputStream in) throws IOException {
        var line = readLine(in);
        if (line.isEmpty()) {
            return false;
        }
        int length = 0;
        for (line = readLine(in); !line.isEmpty(); line = readLine(in)) {
            if (line.regionMatches(true, 0, LENGTH, 0, LENGTH.length())) {
                length = Integer.parseInt(line.substring(LENGTH.length()).strip(), 10);
            }
        }
        in.skipNBytes(length);
        return true;
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
