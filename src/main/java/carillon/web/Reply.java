package carillon.web;

import static java.util.stream.Collectors.joining;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.ee10.websocket.server.JettyWebSocketServerContainer;

/// The way back to the client. Every answer gets the headers that keep browsers and caches from
/// making something else of it.
record Reply(HttpServletResponse response) {
    static Reply to(HttpServletResponse response) {
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Cache-Control", "no-store");
        return new Reply(response);
    }

    void header(String name, String value) {
        response.setHeader(name, value);
    }

    void send(Answer answer) throws IOException {
        send(answer, Wire.bytes(answer));
    }

    void send(Answer answer, byte[] body) throws IOException {
        begin(answer);
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
        response.getOutputStream().close();
    }

    /// Sets what stands before the body.
    void begin(Answer answer) {
        response.setStatus(answer.status());
        answer.headers().forEach(response::setHeader);
        response.setContentType(answer.contentType());
    }

    /// Makes a socket of the connection. Returns false when the handshake is not in order.
    boolean upgrade(Exchange exchange, JettySocket socket) throws IOException {
        var context = exchange.request().getServletContext();
        return JettyWebSocketServerContainer.ensureContainer(context)
                .upgrade((_, _) -> socket, exchange.request(), response);
    }

    /// Begins an answer that goes on.
    Feed.Sink stream(Answer answer) throws IOException {
        begin(answer);
        response.flushBuffer();
        return new Events(response.getOutputStream());
    }

    /// Server-sent events, as the HTML standard writes them.
    private static final class Events implements Feed.Sink {
        private final OutputStream out;

        Events(OutputStream out) {
            this.out = out;
        }

        @Override
        public boolean event(String id, String type, Object data) {
            var json = new String(Wire.json(data), StandardCharsets.UTF_8);
            return write("id: %s\nevent: %s\ndata: %s\n\n".formatted(id, type, json));
        }

        @Override
        public boolean text(String type, String data) {
            var lines = data.lines().map(line -> "data: " + line + "\n");
            return write("event: " + type + "\n" + lines.collect(joining()) + "\n");
        }

        @Override
        public boolean comment(String text) {
            return write(": " + text + "\n\n");
        }

        private boolean write(String frame) {
            try {
                out.write(frame.getBytes(StandardCharsets.UTF_8));
                out.flush();
                return true;
            } catch (IOException e) {
                return false; // The client has gone, which is how streams end.
            }
        }
    }
}
