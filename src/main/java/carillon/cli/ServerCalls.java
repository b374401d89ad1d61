package carillon.cli;

import static java.util.Objects.requireNonNull;

import carillon.egress.AllowList;
import carillon.egress.Egress;
import carillon.egress.EgressReply;
import carillon.egress.EgressRequest;
import carillon.egress.EgressSettings;
import carillon.json.Json;
import carillon.json.JsonException;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Calls of the native API of one server, with one key. A call that comes too soon waits until the
/// server says that it may come again.
final class ServerCalls implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int MOST_WAITS = 10;
    private static final int MAX_WAIT_SECONDS = 120;

    private final Egress egress;
    private final String server;
    private final String key;

    private ServerCalls(Egress egress, String server, String key) {
        this.egress = egress;
        this.server = server;
        this.key = key;
    }

    /// `server` is an http or https address that has been found good.
    static ServerCalls to(URI server, String key) {
        var allow = AllowList.EMPTY.withHosts(List.of(server.getHost()));
        var settings = new EgressSettings(allow, Set.of(), 1, "Carillon/cli");
        var base = server.toString().replaceAll("/+$", "");
        return new ServerCalls(Egress.open(settings), base, key);
    }

    /// What the server said. `body` is empty where that was no JSON.
    record Said(int status, Optional<JsonNode> body, Optional<String> retryAfter) {
        Said {
            requireNonNull(body, "body");
            requireNonNull(retryAfter, "retryAfter");
        }

        /// Why it refused, in its words where it has some.
        String reason() {
            var detail = body.map(json -> json.path("detail").asText("")).orElse("");
            return detail.isEmpty() ? "the server answered " + status : detail;
        }
    }

    /// `path` is below `/api/v1`. Throws [ServerCallException] when the server is not there or the
    /// key does not do.
    Said get(String path) throws InterruptedException {
        return send("GET", path, Optional.empty());
    }

    Said post(String path, JsonNode body) throws InterruptedException {
        return send("POST", path, Optional.of(Json.write(body)));
    }

    private Said send(String method, String path, Optional<String> body)
            throws InterruptedException {
        for (int i = 0; i < MOST_WAITS; i++) {
            var said = once(method, path, body);
            if (said.status != 429) {
                return said;
            }
            waitFor(said.retryAfter.orElse("1"));
        }
        throw new ServerCallException("the server says that too many requests come");
    }

    /// Nobody counts it down: it only lets the time pass.
    private static void waitFor(String seconds) throws InterruptedException {
        int wait = seconds.matches("\\d{1,6}") ? Integer.parseInt(seconds) : 1;
        boolean early =
                new CountDownLatch(1).await(Math.min(wait, MAX_WAIT_SECONDS), TimeUnit.SECONDS);
        if (early) {
            throw new IllegalStateException("a latch that nobody has");
        }
    }

    private Said once(String method, String path, Optional<String> body)
            throws InterruptedException {
        var request =
                new EgressRequest(
                        method,
                        URI.create(server + "/api/v1/" + path),
                        Map.of(
                                "Authorization",
                                "Bearer " + key,
                                "Content-Type",
                                "application/json"),
                        body,
                        PATIENCE,
                        Egress.MAX_READ);
        return switch (egress.send(request)) {
            case EgressReply.Answer answer -> said(answer);
            case EgressReply.Unreachable(var reason, _) -> throw notThere(reason);
            case EgressReply.TimedOut(var reason, _) -> throw notThere(reason);
            case EgressReply.Refused(var reason) -> throw notThere(reason);
        };
    }

    private ServerCallException notThere(String reason) {
        return new ServerCallException("the server at " + server + " cannot be asked: " + reason);
    }

    private static Said said(EgressReply.Answer answer) {
        Optional<JsonNode> body;
        try {
            body = Optional.of(Json.read(answer.body()));
        } catch (JsonException _) {
            body = Optional.empty();
        }
        var said = new Said(answer.status(), body, answer.header("Retry-After"));
        if (said.status == 401 || said.status == 403) {
            throw new ServerCallException("the key does not do: " + said.reason());
        }
        return said;
    }

    @Override
    public void close() {
        egress.close();
    }
}
