package carillon.perform;

import carillon.egress.BodyReader;
import dev.langchain4j.http.client.sse.ServerSentEvent;
import dev.langchain4j.http.client.sse.ServerSentEventContext;
import dev.langchain4j.http.client.sse.ServerSentEventListener;
import dev.langchain4j.http.client.sse.ServerSentEventParsingHandle;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/// Hands the server-sent events of an answer to a provider's client, one by one as they come. Stops
/// at the first that the client cannot read.
final class EventStream implements BodyReader, ServerSentEventParsingHandle {
    private static final String TYPE = "text/event-stream";

    /// How OpenAI says that nothing more comes.
    private static final String DONE = "[DONE]";

    /// In bytes; no honest event comes near it.
    private static final int MAX_LINE = 1024 * 1024;

    private final ServerSentEventListener listener;
    private final ServerSentEventContext context = new ServerSentEventContext(this);
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final StringBuilder data = new StringBuilder();
    private Optional<String> name = Optional.empty();
    private Optional<String> error = Optional.empty();
    private boolean begun;
    private boolean done;
    private boolean broken;
    private boolean cancelled;

    EventStream(ServerSentEventListener listener) {
        this.listener = listener;
    }

    /// Whether events have come, or were to come.
    boolean hasBegun() {
        return begun;
    }

    /// Whether it was said that nothing more comes.
    boolean isDone() {
        return done;
    }

    /// Whether something came that the client could not read.
    boolean isBroken() {
        return broken;
    }

    /// The last event that tells of an error, in the provider's form.
    Optional<String> error() {
        return error;
    }

    @Override
    public void cancel() {
        cancelled = true;
    }

    @Override
    public boolean isCancelled() {
        return cancelled;
    }

    @Override
    public boolean reads(int status, String contentType) {
        return status >= 200
                && status <= 299
                && contentType.strip().toLowerCase(Locale.ROOT).startsWith(TYPE);
    }

    @Override
    public void read(InputStream body) throws IOException {
        begun = true;
        var buffer = new byte[4 * 1024];
        int count = body.read(buffer);
        while (count >= 0 && !cancelled) {
            take(buffer, count);
            count = cancelled ? -1 : body.read(buffer);
        }
        if (!cancelled) {
            endLine();
            endEvent();
        }
    }

    private void take(byte[] bytes, int count) {
        int begin = 0;
        for (int i = 0; i < count && !cancelled; i++) {
            if (bytes[i] == '\n') {
                line.write(bytes, begin, i - begin);
                begin = i + 1;
                endLine();
            }
        }
        if (cancelled) {
            return;
        }
        line.write(bytes, begin, count - begin);
        if (line.size() > MAX_LINE) {
            broken = true;
            cancel();
        }
    }

    private void endLine() {
        var text = line.toString(StandardCharsets.UTF_8);
        line.reset();
        if (text.endsWith("\r")) {
            text = text.substring(0, text.length() - 1);
        }
        if (text.isEmpty()) {
            endEvent();
        } else if (text.startsWith("event:")) {
            name = Optional.of(text.substring("event:".length()).strip());
        } else if (text.startsWith("data:")) {
            var value = text.substring("data:".length());
            data.append(data.isEmpty() ? "" : "\n");
            data.append(value.startsWith(" ") ? value.substring(1) : value);
        }
    }

    private void endEvent() {
        if (data.isEmpty()) {
            name = Optional.empty();
            return;
        }
        var value = data.toString();
        var event = new ServerSentEvent(name.orElse(null), value);
        data.setLength(0);
        done |= value.strip().equals(DONE);
        if (name.filter("error"::equals).isPresent() || value.stripLeading().startsWith(ERROR)) {
            error = Optional.of(value);
        }
        name = Optional.empty();
        try {
            listener.onEvent(event, context);
        } catch (RuntimeException e) {
            broken = true;
            cancel();
        }
    }

    private static final String ERROR = "{\"error\"";
}
