package carillon.web;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class SocketsTest {
    private static final int PER_MINUTE = 5;

    private final HttpClient client = HttpClient.newHttpClient();
    private final Queue<Socket.Line> lines = new ConcurrentLinkedQueue<>();

    /// One socket at `/ws`, which repeats what it hears.
    private final class Echoing implements Api {
        @Override
        public String name() {
            return "echoing";
        }

        @Override
        public String prefix() {
            return "/echoing";
        }

        @Override
        public Access access() {
            return Access.LOOPBACK_OR_USERS;
        }

        @Override
        public Answer refuse(Refusal refusal, String requestId) {
            return Answer.of(refusal.kind().status(), Map.of("why", refusal.message()));
        }

        @Override
        public List<Route> routes() {
            return List.of(
                    new Route(
                            Route.Method.GET,
                            "/ws",
                            Permission.VIEW,
                            call -> Answer.socket(call, this::open)));
        }

        private Socket.Listener open(Socket.Line line) {
            lines.add(line);
            return new Socket.Listener() {
                @Override
                public void text(String text) {
                    line.send("again: " + text);
                }

                @Override
                public void closed() {
                    lines.remove(line);
                }
            };
        }
    }

    private WebServer start(OptionalInt perMinute) {
        var any = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);
        var server =
                new WebServer(
                        new WebSettings(any, Map.of(), perMinute, WebSettings.Limits.DEFAULT),
                        List.of(new Echoing()),
                        new Authenticators(_ -> Optional.empty(), Optional.empty()),
                        _ -> Optional.empty(),
                        InstantSource.system());
        server.start();
        return server;
    }

    /// Hears what it asks for: nothing more, when it is not `greedy`.
    private static final class Ear implements WebSocket.Listener {
        private final boolean greedy;
        private final Queue<String> heard = new ConcurrentLinkedQueue<>();
        private final AtomicInteger closed = new AtomicInteger();

        private Ear(boolean greedy) {
            this.greedy = greedy;
        }

        @Override
        public void onOpen(WebSocket socket) {
            if (greedy) {
                socket.request(Long.MAX_VALUE);
            }
        }

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
            heard.add(text.toString());
            return CompletableFuture.completedFuture(true);
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
            closed.set(status);
            return CompletableFuture.completedFuture(true);
        }
    }

    private WebSocket open(WebServer server, Ear ear) {
        var uri = URI.create("ws://127.0.0.1:" + server.port() + "/echoing/ws");
        return client.newWebSocketBuilder().buildAsync(uri, ear).join();
    }

    @Test
    void what_is_said_comes_through_and_a_stop_says_goodbye() throws Exception {
        var server = start(OptionalInt.empty());
        var ear = new Ear(true);
        var socket = open(server, ear);
        for (int i = 0; i < 100; i++) {
            assertThat(socket.sendText("word " + i, true).join()).isSameAs(socket);
        }
        Awaitility.await().until(() -> ear.heard.size() == 100);
        assertThat(ear.heard).startsWith("again: word 0").endsWith("again: word 99");
        assertThat(lines).hasSize(1);
        assertThat(server.stop(Duration.ofSeconds(5))).isTrue();
        Awaitility.await().until(() -> ear.closed.get() > 0);
        assertThat(ear.closed).hasValue(1001);
        Awaitility.await().until(lines::isEmpty);
    }

    @Test
    void a_client_that_does_not_read_is_dropped_and_others_go_on() throws Exception {
        var server = start(OptionalInt.empty());
        try {
            var slow = new Ear(false);
            var slowSocket = open(server, slow);
            Awaitility.await().until(() -> lines.size() == 1);
            var toSlow = lines.element();
            var quick = new Ear(true);
            var socket = open(server, quick);
            for (int i = 0; i < 20_000 && lines.contains(toSlow); i++) {
                toSlow.send("x".repeat(4_000));
            }
            Awaitility.await().until(() -> !lines.contains(toSlow));
            assertThat(socket.sendText("still here", true).join()).isSameAs(socket);
            Awaitility.await().until(() -> quick.heard.contains("again: still here"));
            slowSocket.abort();
        } finally {
            assertThat(server.stop(Duration.ofSeconds(5))).isTrue();
        }
    }

    @Test
    void so_many_new_sockets_a_minute_and_no_more() throws Exception {
        var server = start(OptionalInt.of(1_000));
        try {
            for (int i = 0; i < PER_MINUTE; i++) {
                open(server, new Ear(true)).abort();
            }
            assertThatThrownBy(() -> open(server, new Ear(true)))
                    .isInstanceOfSatisfying(
                            CompletionException.class,
                            e -> {
                                var refused = refusal(e);
                                assertThat(refused.getResponse().statusCode()).isEqualTo(429);
                                assertThat(refused.getResponse().headers().map())
                                        .containsKey("retry-after");
                            });
        } finally {
            assertThat(server.stop(Duration.ofSeconds(5))).isTrue();
        }
    }

    private static WebSocketHandshakeException refusal(CompletionException e) {
        return (WebSocketHandshakeException) requireNonNull(e.getCause(), "cause");
    }
}
