package carillon.egress;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/// A server on an ephemeral loopback port that does with each connection what a test says, HTTP or
/// not.
public final class RawServer implements AutoCloseable {
    /// Speaks on one accepted connection; it is closed afterwards.
    public interface Talk {
        void speak(Socket connection) throws Exception;
    }

    private final ServerSocket server;
    private final Talk talk;
    private final AtomicInteger accepted = new AtomicInteger();

    public RawServer(Talk talk) throws IOException {
        this.talk = talk;
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().name("raw-server").start(this::accept);
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                var connection = server.accept();
                accepted.incrementAndGet();
                Thread.startVirtualThread(() -> serve(connection));
            } catch (IOException _) {
                return; // Closed.
            }
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            talk.speak(connection);
        } catch (Exception _) {
            // The other side hung up: what many of these tests are about.
        }
    }

    /// Reads up to the empty line that ends a request's header.
    public static String readHead(Socket connection) throws IOException {
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int c = connection.getInputStream().read();
            if (c < 0) {
                return head.toString();
            }
            head.append((char) c);
        }
        return head.toString();
    }

    public static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + port() + "/");
    }

    public int port() {
        return server.getLocalPort();
    }

    public int accepted() {
        return accepted.get();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
