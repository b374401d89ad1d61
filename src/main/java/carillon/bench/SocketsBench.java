package carillon.bench;

import carillon.json.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/// Sockets a second that hear of the end of a workflow, counted from that end until the last of
/// them has heard of it. Beside it the answers to as many pings, one from each of the same sockets.
public final class SocketsBench {
    private static final String API = "/crewai/api/v1";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int WARM_UP = 3;

    private final int rounds;
    private final int sockets;
    private final InstantSource time;

    /// Each of the rounds executes one workflow.
    public SocketsBench(int rounds, int sockets, InstantSource time) {
        this.rounds = rounds;
        this.sockets = sockets;
        this.time = time;
    }

    /// What all sockets are waiting for, and when the last of them heard it.
    private final class Wanted {
        private final String type;
        private final CountDownLatch missing = new CountDownLatch(sockets);
        private volatile Instant last = Instant.MIN;

        Wanted(String type) {
            this.type = "\"type\":\"" + type + "\"";
        }

        void heard(CharSequence text) {
            if (text.toString().contains(type)) {
                last = time.instant();
                missing.countDown();
            }
        }

        Instant byAll() throws IOException, InterruptedException {
            if (!missing.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException(missing.getCount() + " sockets did not hear " + type);
            }
            return last;
        }
    }

    private final AtomicReference<Wanted> wanted =
            new AtomicReference<>(new Wanted("connection_established"));

    /// Hears for one socket. The frames of this bench come in one part each.
    private final class Ear implements WebSocket.Listener {
        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
            wanted.get().heard(text);
            socket.request(1);
            return CompletableFuture.completedFuture(true);
        }
    }

    /// Works in `folder`.
    public Result run(Place place, Path folder) throws IOException, InterruptedException {
        try (var server = BenchServer.start(place.settings(), folder);
                var rest = new Connection(server.port());
                var http = HttpClient.newHttpClient()) {
            long workflow = workflow(rest, server.key());
            var open = new ArrayList<WebSocket>();
            for (int i = 0; i < sockets; i++) {
                open.add(open(http, server));
            }
            wanted.get().byAll();
            told(open, "subscribe_workflow\",\"workflow_id\":" + workflow, "subscribed");
            var reached = new ArrayList<Double>();
            var answered = new ArrayList<Double>();
            for (int round = -WARM_UP; round < rounds; round++) {
                double seconds = secondsFromEnd(rest, server.key(), workflow);
                double pings = told(open, "ping\",\"timestamp\":0", "pong");
                if (round >= 0) {
                    reached.add(sockets / seconds);
                    answered.add(sockets / pings);
                }
            }
            open.forEach(WebSocket::abort);
            return result(place, new Spread(reached), new Spread(answered));
        }
    }

    private Result result(Place place, Spread reached, Spread answered) {
        var more = new LinkedHashMap<String, Object>();
        more.put("sockets", sockets);
        more.put("ms_to_the_last", 1e3 * sockets / reached.median());
        more.put("ms_to_the_last_at_most", 1e3 * sockets / reached.min());
        return new Result("sockets", place.database(), reached, answered, more);
    }

    private WebSocket open(HttpClient http, BenchServer server) {
        return http.newWebSocketBuilder()
                .header("Authorization", "Bearer " + server.key())
                .buildAsync(
                        URI.create("ws://127.0.0.1:" + server.port() + "/crewai/ws/"), new Ear())
                .join();
    }

    /// Returns the seconds until each of the sockets had the answer.
    private double told(List<WebSocket> open, String message, String answer)
            throws IOException, InterruptedException {
        var answers = new Wanted(answer);
        wanted.set(answers);
        var begin = time.instant();
        var text = "{\"type\":\"" + message + "}";
        var sent = open.stream().map(socket -> socket.sendText(text, true)).toList();
        var last = answers.byAll();
        sent.forEach(CompletableFuture::join);
        return seconds(begin, last);
    }

    private double secondsFromEnd(Connection rest, String key, long workflow)
            throws IOException, InterruptedException {
        var ends = new Wanted("workflow_completed");
        wanted.set(ends);
        var begun = post(rest, key, "/workflows/" + workflow + "/execute", "{}", 200);
        var last = ends.byAll();
        var ended =
                Json.read(
                        text(
                                rest.ask(
                                        Connection.get(
                                                API + "/executions/" + begun.path("id").asLong(),
                                                key),
                                        200)));
        return seconds(Instant.parse(ended.path("completed_at").asText()), last);
    }

    /// Of what both clocks show, milliseconds, at least one.
    private static double seconds(Instant from, Instant to) {
        return Math.max(1, Duration.between(from, to).toMillis()) / 1e3;
    }

    /// A workflow of one task, done by the built-in model.
    private static long workflow(Connection rest, String key) throws IOException {
        var agent =
                post(
                        rest,
                        key,
                        "/agents/",
                        "{\"name\":\"a\",\"role\":\"r\",\"goal\":\"g\",\"model\":\"echo\"}",
                        201);
        var workflow =
                post(rest, key, "/workflows/", "{\"name\":\"w\",\"workflow_type\":\"linear\"}", 201)
                        .path("id")
                        .asLong();
        var task =
                "{\"workflow_id\":%d,\"agent_id\":%d,\"name\":\"t\",\"task_type\":\"ai_task\"}"
                        .formatted(workflow, agent.path("id").asLong());
        post(rest, key, "/tasks/", task, 201);
        return workflow;
    }

    private static JsonNode post(Connection rest, String key, String path, String body, int status)
            throws IOException {
        return Json.read(text(rest.ask(Connection.post(API + path, key, body), status)));
    }

    private static String text(byte[] body) {
        return new String(body, StandardCharsets.UTF_8);
    }
}
