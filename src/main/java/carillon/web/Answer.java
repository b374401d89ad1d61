package carillon.web;

import static java.util.Objects.requireNonNull;

import java.util.HashMap;
import java.util.Map;

/// What a handler answers. `body` is anything that Jackson writes (records, maps, lists, JSON
/// nodes), sent as `contentType`; an instant is written as RFC 3339 in UTC.
public record Answer(int status, Object body, String contentType, Map<String, String> headers) {
    public static final String JSON = "application/json";

    public Answer {
        requireNonNull(body, "body");
        requireNonNull(contentType, "contentType");
        headers = Map.copyOf(headers);
    }

    public static Answer ok(Object body) {
        return new Answer(200, body, JSON, Map.of());
    }

    public static Answer created(Object body) {
        return new Answer(201, body, JSON, Map.of());
    }

    public static Answer of(int status, Object body) {
        return new Answer(status, body, JSON, Map.of());
    }

    /// An open stream of server-sent events.
    public static Answer stream(Feed feed) {
        return new Answer(200, feed, "text/event-stream", Map.of());
    }

    /// A socket that the request becomes. Throws [RefusedException] when it did not ask for that.
    public static Answer socket(Call call, Socket socket) {
        var wanted = call.header("Upgrade").orElse("");
        if (!wanted.equalsIgnoreCase("websocket")) {
            throw new RefusedException(
                    Refusal.of(Refusal.Kind.INVALID, "this path is for WebSockets"));
        }
        return new Answer(101, socket, "text/plain", Map.of());
    }

    /// The body as it is sent; not for streams.
    public byte[] bytes() {
        return Wire.bytes(this);
    }

    public Answer withHeader(String name, String value) {
        return withHeaders(Map.of(name, value));
    }

    /// The same with these headers too; those that the answer has already stay as they are.
    public Answer withHeaders(Map<String, String> more) {
        var all = new HashMap<>(more);
        all.putAll(headers);
        return new Answer(status, body, contentType, all);
    }
}
