package carillon.web;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;

/// Sends bytes as they are, which well-behaved HTTP clients refuse to do.
public final class RawClient {
    private final int port;

    public RawClient(int port) {
        this.port = port;
    }

    /// What the server answered, head and body, until it closed the connection or was silent for
    /// three seconds.
    public String send(String request) throws IOException {
        try (var socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), port)) {
            socket.setSoTimeout(3_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            return readAll(socket);
        }
    }

    /// The answer to a request without a body; `target` goes into the request line unchanged.
    public String get(String target, String... headers) throws IOException {
        return request("GET", target, headers);
    }

    public String request(String method, String target, String... headers) throws IOException {
        var head = new StringBuilder(method + " " + target + " HTTP/1.1\r\nConnection: close\r\n");
        boolean hasHost = false;
        for (var header : headers) {
            hasHost |= header.startsWith("Host:");
            head.append(header).append("\r\n");
        }
        if (!hasHost) {
            head.append("Host: 127.0.0.1:").append(port).append("\r\n");
        }
        return send(head.append("\r\n").toString());
    }

    private static String readAll(Socket socket) throws IOException {
        var answer = new ByteArrayOutputStream();
        try {
            socket.getInputStream().transferTo(answer);
        } catch (SocketTimeoutException e) {
            // An answer on a connection that stays open: what has come is the answer.
        }
        return answer.toString(StandardCharsets.UTF_8);
    }
}
