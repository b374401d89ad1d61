package carillon.mcp;

import carillon.egress.BodyReader;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/// Reads the messages of an answer that is a stream of events, up to the one that is waited for.
final class Events implements BodyReader {
    static final String TYPE = "text/event-stream";

    private static final String DATA = "data:";

    private final Optional<Object> wanted;
    private final Consumer<JSONRPCMessage> others;
    private final StringBuilder data = new StringBuilder();
    private Optional<JSONRPCMessage> answer = Optional.empty();
    private boolean begun;
    private boolean garbage;

    /// Waits for the answer to the question of that id, or for none; hands on all other messages as
    /// they come.
    Events(Optional<Object> wanted, Consumer<JSONRPCMessage> others) {
        this.wanted = wanted;
        this.others = others;
    }

    /// Whether the answer was a stream.
    boolean hasBegun() {
        return begun;
    }

    /// Whether there was something that is no message.
    boolean hasGarbage() {
        return garbage;
    }

    Optional<JSONRPCMessage> answer() {
        return answer;
    }

    @Override
    public boolean reads(int status, String contentType) {
        begun = status / 100 == 2 && contentType.toLowerCase(Locale.ROOT).startsWith(TYPE);
        return begun;
    }

    @Override
    public void read(InputStream body) throws IOException {
        var lines = new Lines(body);
        var line = lines.next();
        while (line.isPresent() && answer.isEmpty()) {
            take(line.get());
            line = answer.isEmpty() ? lines.next() : Optional.empty();
        }
        if (answer.isEmpty()) {
            endEvent();
        }
    }

    private void take(String line) {
        if (line.isEmpty()) {
            endEvent();
        } else if (line.startsWith(DATA)) {
            var value = line.substring(DATA.length());
            data.append(data.isEmpty() ? "" : "\n");
            data.append(value.startsWith(" ") ? value.substring(1) : value);
        }
    }

    private void endEvent() {
        if (data.isEmpty()) {
            return;
        }
        var message = Protocol.read(data.toString());
        data.setLength(0);
        garbage |= message.isEmpty();
        if (message.isEmpty()) {
            return;
        }
        if (message.get() instanceof JSONRPCResponse said && wanted.isPresent()) {
            answer = message.filter(_ -> wanted.get().equals(said.id()));
            return;
        }
        others.accept(message.get());
    }
}
