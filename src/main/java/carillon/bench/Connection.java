package carillon.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;

/// One connection to a server on loopback, for one request after the other; does as little as it
/// can, so that the server gets the processor.
final class Connection implements AutoCloseable {
    private static final String LENGTH = "content-length:";

    private final Socket socket;
    private final InputStream in;

    Connection(int port) throws IOException {
        socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), port);
        socket.setTcpNoDelay(true);
        in = new BufferedInputStream(socket.getInputStream(), 16 * 1024);
    }

    static byte[] get(String path, String key) {
        return "GET %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n\r\n"
                .formatted(path, key)
                .getBytes(ISO_8859_1);
    }

    static byte[] post(String path, String key, String json) {
        var body = json.getBytes(UTF_8);
        var head =
                "POST %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n"
                                .formatted(path, key)
                        + "Content-Type: application/json\r\nContent-Length: %d\r\n\r\n"
                                .formatted(body.length);
        return (head + json).getBytes(UTF_8);
    }

    /// Sends the request and returns the body of the answer. Throws [IOException] unless the status
    /// is `status`.
    byte[] ask(byte[] request, int status) throws IOException {
        socket.getOutputStream().write(request);
        var first = readLine();
        int length = 0;
        for (var line = readLine(); !line.isEmpty(); line = readLine()) {
            if (line.regionMatches(true, 0, LENGTH, 0, LENGTH.length())) {
                length = Integer.parseInt(line.substring(LENGTH.length()).strip(), 10);
            }
        }
        var body = in.readNBytes(length);
        if (!first.startsWith("HTTP/1.1 " + status)) {
            throw new IOException(first + ": " + new String(body, UTF_8));
        }
        return body;
    }

    private String readLine() throws IOException {
        var line = new StringBuilder(64);
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new IOException("the server closed the connection");
            }
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
