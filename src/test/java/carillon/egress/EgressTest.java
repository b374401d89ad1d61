package carillon.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import carillon.egress.EgressReply.Answer;
import carillon.egress.EgressReply.Refused;
import carillon.egress.EgressReply.TimedOut;
import carillon.egress.EgressReply.Unreachable;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
final class EgressTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(200);
    private static final int KEPT = 64 * 1024;

    private final Egress egress = open("127.0.0.0/8");

    @AfterEach
    void close() {
        egress.close();
    }

    @Test
    void the_request_says_what_was_given_and_little_else() throws Exception {
        var heads = new CompletableFuture<String>();
        try (var server =
                new RawServer(
                        connection -> {
                            heads.complete(RawServer.readHead(connection));
                            RawServer.write(connection.getOutputStream(), ok("hello"));
                        })) {
            var url = URI.create(server.url() + "a%20b/\u00fc?q=1&r=%2F#fragment");
            var reply =
                    egress.send(
                            new EgressRequest(
                                    "GET",
                                    url,
                                    Map.of("X-One", "1"),
                                    Optional.empty(),
                                    LONG,
                                    KEPT));
            assertThat(reply)
                    .isInstanceOfSatisfying(
                            Answer.class, answer -> assertThat(answer.body()).isEqualTo("hello"));
        }
        assertThat(heads.get().lines().filter(line -> !line.isEmpty()))
                .anyMatch("GET /a%20b/%C3%BC?q=1&r=%2F HTTP/1.1"::equals)
                .anyMatch("X-One: 1"::equals)
                .anyMatch("User-Agent: Carillon/test"::equals)
                .anyMatch(line -> line.startsWith("Host: 127.0.0.1:"))
                .noneMatch(line -> line.startsWith("Accept-Encoding"))
                .noneMatch(line -> line.startsWith("Upgrade"))
                .hasSizeLessThanOrEqualTo(5);
    }

    @Test
    void a_connection_is_used_again_after_a_whole_answer() throws Exception {
        try (var server = new RawServer(connection -> answerEach(connection, ok("x")))) {
            for (int i = 0; i < 5; i++) {
                assertThat(get(server.url())).isInstanceOf(Answer.class);
            }
            assertThat(server.accepted()).isEqualTo(1);
        }
    }

    @Test
    void redirects_are_answers() throws Exception {
        try (var server =
                new RawServer(
                        connection ->
                                answerEach(
                                        connection,
                                        head(
                                                "302 Found",
                                                "Location: /else",
                                                "Content-Length: 0")))) {
            assertThat(get(server.url()))
                    .isInstanceOfSatisfying(
                            Answer.class,
                            answer -> {
                                assertThat(answer.status()).isEqualTo(302);
                                assertThat(answer.phrase()).isEqualTo("Found");
                                assertThat(answer.header("LOCATION")).contains("/else");
                            });
        }
    }

    @Test
    void cookies_are_not_kept() throws Exception {
        var heads = new ArrayList<String>();
        try (var server =
                new RawServer(
                        connection -> {
                            heads.add(RawServer.readHead(connection));
                            RawServer.write(
                                    connection.getOutputStream(),
                                    head(
                                            "200 OK",
                                            "Set-Cookie: a=b",
                                            "Connection: close",
                                            "Content-Length: 0"));
                        })) {
            get(server.url());
            get(server.url());
        }
        assertThat(heads).hasSize(2).noneMatch(head -> head.contains("Cookie"));
    }

    @Test
    void a_silent_target_is_given_up_in_time() throws Exception {
        try (var server = new RawServer(EgressTest::holdOn)) {
            assertThat(get(server.url(), SHORT))
                    .isEqualTo(new TimedOut("no answer within 200ms", true));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n",
                "HTTP/1.1 200 OK\r\nX-Endless: ",
                "HTTP/1.1 ",
            })
    void a_dripping_answer_does_not_outlive_the_timeout(String beginning) throws Exception {
        try (var server =
                new RawServer(
                        connection -> {
                            RawServer.write(connection.getOutputStream(), beginning);
                            drip(connection, "x", 5);
                        })) {
            long start = System.nanoTime();
            assertThat(get(server.url(), SHORT))
                    .isEqualTo(new TimedOut("no answer within 200ms", true));
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isBetween(SHORT, SHORT.plusSeconds(4));
        }
    }

    @Test
    void endless_interim_answers_do_not_outlive_the_timeout() throws Exception {
        try (var server =
                new RawServer(
                        connection -> drip(connection, "HTTP/1.1 103 Early Hints\r\n\r\n", 1))) {
            assertThat(get(server.url(), SHORT)).isInstanceOf(TimedOut.class);
        }
    }

    @Test
    void an_endless_body_is_cut_and_its_connection_closed() throws Exception {
        var closed = new CountDownLatch(1);
        try (var server =
                new RawServer(
                        connection -> {
                            RawServer.readHead(connection);
                            var out = connection.getOutputStream();
                            RawServer.write(out, "HTTP/1.1 200 OK\r\n\r\n");
                            try {
                                while (!connection.isClosed()) {
                                    RawServer.write(out, "endless ".repeat(1000));
                                }
                            } finally {
                                closed.countDown();
                            }
                        })) {
            assertThat(get(server.url()))
                    .isInstanceOfSatisfying(
                            Answer.class,
                            answer -> {
                                assertThat(answer.cut()).isTrue();
                                assertThat(answer.body()).hasSize(KEPT).startsWith("endless ");
                            });
            closed.await();
        }
    }

    @Test
    void a_long_body_is_read_to_its_end_but_only_its_beginning_kept() throws Exception {
        var body = "y".repeat(Egress.MAX_READ);
        try (var server = new RawServer(connection -> answerEach(connection, ok(body)))) {
            for (int i = 0; i < 2; i++) {
                assertThat(get(server.url()))
                        .isInstanceOfSatisfying(
                                Answer.class,
                                answer -> {
                                    assertThat(answer.cut()).isTrue();
                                    assertThat(answer.body()).isEqualTo("y".repeat(KEPT));
                                });
            }
            assertThat(server.accepted()).isEqualTo(1);
        }
    }

    @Test
    void a_body_of_just_the_kept_length_is_not_cut() throws Exception {
        try (var server = new RawServer(c -> answerEach(c, ok("z".repeat(KEPT))))) {
            assertThat(get(server.url()))
                    .isInstanceOfSatisfying(
                            Answer.class,
                            answer -> {
                                assertThat(answer.cut()).isFalse();
                                assertThat(answer.body()).hasSize(KEPT);
                            });
        }
    }

    @Test
    void broken_targets_are_told_apart() throws Exception {
        try (var deaf = new Socket()) { // Its port is taken, and nobody listens.
            deaf.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            int port = deaf.getLocalPort();
            assertThat(get(URI.create("http://127.0.0.1:" + port + "/")))
                    .isEqualTo(new Unreachable("connection refused by 127.0.0.1:" + port, false));
        }
        assertThat(reasonOf(RawServer::readHead)).contains("without an HTTP answer");
        assertThat(reasonOf(EgressTest::reset)).contains("connection reset by 127.0.0.1");
        assertThat(reasonOf(talking("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort")))
                .contains("broke off in the middle of its answer");
        assertThat(reasonOf(talking(head("200 OK", "Transfer-Encoding: chunked") + "5\r\nab")))
                .contains("broke off in the middle of its answer");
        assertThat(reasonOf(talking("SSH-2.0-OpenSSH_9.9\r\n"))).contains("HTTP");
        assertThat(reasonOf(talking("HTTP/1.1 200 OK\r\nX: " + "x".repeat(70_000) + "\r\n\r\n")))
                .contains("too long");
        assertThat(reasonOf(talking("HTTP/1.1 200 OK\r\n" + "X: y\r\n".repeat(300) + "\r\n")))
                .contains("too long");
    }

    @Test
    void plain_http_where_tls_is_expected_is_no_secure_connection() throws Exception {
        try (var server = new RawServer(c -> RawServer.write(c.getOutputStream(), ok("x")))) {
            assertThat(get(URI.create("https://127.0.0.1:" + server.port() + "/")))
                    .isInstanceOfSatisfying(
                            Unreachable.class,
                            reply -> assertThat(reply.reason()).contains("no secure connection"));
        }
    }

    @Test
    void what_the_guard_refuses_is_never_connected_to() throws Exception {
        try (var guarded = open("192.0.2.1");
                var server = new RawServer(connection -> answerEach(connection, ok("x")))) {
            for (var host : List.of("127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]")) {
                var url = URI.create("http://" + host + ":" + server.port() + "/");
                assertThat(guarded.send(request(url, LONG)))
                        .as(host)
                        .isInstanceOfSatisfying(
                                Refused.class,
                                reply -> assertThat(reply.reason()).contains("egress.allow"));
            }
            assertThat(server.accepted()).isZero();
        }
        assertThat(get(URI.create("ftp://127.0.0.1/"))).isInstanceOf(Refused.class);
        assertThat(get(URI.create("http://2130706433/"))).isInstanceOf(Refused.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nEvil: 1", "a\nb", "a\u0000b"})
    void a_header_that_would_be_two_is_refused(String value) throws Exception {
        try (var server = new RawServer(connection -> answerEach(connection, ok("x")))) {
            for (var header : List.of(Map.of("X-A", value), Map.of(value, "x"))) {
                var request =
                        new EgressRequest(
                                "GET", server.url(), header, Optional.empty(), LONG, KEPT);
                assertThat(egress.send(request)).isInstanceOf(Refused.class);
            }
            assertThat(server.accepted()).isZero();
        }
    }

    @Test
    void a_name_that_changes_its_mind_is_connected_to_at_the_checked_address() throws Exception {
        var answers = new ArrayList<>(List.of("127.0.0.1", "127.0.0.2"));
        var settings =
                new EgressSettings(
                        AllowList.of(List.of("127.0.0.1")), Set.of(), 10, "Carillon/test");
        Names rebinding = _ -> List.of(InetAddress.ofLiteral(answers.removeFirst()));
        try (var guarded = Egress.open(settings, rebinding, new SystemNames());
                var server = new RawServer(talking(head("204 No Content", "Connection: close")))) {
            var url = URI.create("http://rebind.example:" + server.port() + "/");
            assertThat(guarded.send(request(url, LONG))).isInstanceOf(Answer.class);
            assertThat(answers).hasSize(1);
            assertThat(guarded.send(request(url, LONG))).isInstanceOf(Refused.class);
        }
    }

    @Test
    void an_unknown_host_is_unreachable() throws Exception {
        var settings = new EgressSettings(AllowList.EMPTY, Set.of(), 10, "Carillon/test");
        Names none =
                host -> {
                    throw new java.net.UnknownHostException(host);
                };
        try (var guarded = Egress.open(settings, none, new SystemNames())) {
            assertThat(guarded.send(request(URI.create("http://nowhere.example/"), LONG)))
                    .isEqualTo(new Unreachable("unknown host nowhere.example", false));
        }
    }

    @Test
    void an_interrupt_of_the_calling_virtual_thread_ends_the_exchange() throws Exception {
        var began = new CountDownLatch(1);
        var ended = new CountDownLatch(1);
        try (var server =
                new RawServer(
                        connection -> {
                            RawServer.readHead(connection);
                            began.countDown();
                            holdOn(connection);
                            ended.countDown();
                        })) {
            var thrown = new AtomicReference<Exception>();
            var caller =
                    Thread.startVirtualThread(
                            () -> {
                                try {
                                    get(server.url(), Duration.ofHours(1));
                                } catch (InterruptedException e) {
                                    thrown.set(e);
                                }
                            });
            began.await();
            caller.interrupt();
            ended.await();
            await().untilAsserted(
                            () ->
                                    assertThat(thrown.get())
                                            .isInstanceOf(InterruptedException.class));
        }
    }

    @Test
    void many_requests_go_on_at_once() throws Exception {
        var all = new CountDownLatch(200);
        try (var server =
                new RawServer(
                        connection -> {
                            RawServer.readHead(connection);
                            all.countDown();
                            all.await();
                            RawServer.write(connection.getOutputStream(), ok("x"));
                        })) {
            var replies = new ArrayList<CompletableFuture<EgressReply>>();
            for (int i = 0; i < 200; i++) {
                var reply = new CompletableFuture<EgressReply>();
                replies.add(reply);
                Thread.startVirtualThread(
                        () -> {
                            try {
                                reply.complete(get(server.url()));
                            } catch (InterruptedException e) {
                                reply.completeExceptionally(e);
                            }
                        });
            }
            for (var reply : replies) {
                assertThat(reply.get()).isInstanceOf(Answer.class);
            }
        }
    }

    private static Egress open(String allowed) {
        return Egress.open(
                new EgressSettings(
                        AllowList.of(List.of(allowed)), Set.of(), 1_000, "Carillon/test"));
    }

    private EgressReply get(URI url) throws InterruptedException {
        return get(url, LONG);
    }

    private EgressReply get(URI url, Duration timeout) throws InterruptedException {
        return egress.send(request(url, timeout));
    }

    private static EgressRequest request(URI url, Duration timeout) {
        return new EgressRequest("GET", url, Map.of(), Optional.empty(), timeout, KEPT);
    }

    private String reasonOf(RawServer.Talk talk) throws Exception {
        try (var server = new RawServer(talk)) {
            var reply = get(server.url());
            assertThat(reply).isInstanceOf(Unreachable.class);
            return ((Unreachable) reply).reason();
        }
    }

    private static RawServer.Talk talking(String answer) {
        return connection -> {
            RawServer.readHead(connection);
            RawServer.write(connection.getOutputStream(), answer);
        };
    }

    private static String ok(String body) {
        return "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    private static String head(String status, String... headers) {
        return "HTTP/1.1 " + status + "\r\n" + String.join("\r\n", headers) + "\r\n\r\n";
    }

    private static void answerEach(Socket connection, String answer) throws Exception {
        while (!RawServer.readHead(connection).isEmpty()) {
            RawServer.write(connection.getOutputStream(), answer);
        }
    }

    /// Reads until the other side closes.
    private static void holdOn(Socket connection) throws Exception {
        while (connection.getInputStream().read() >= 0) {
            // Whatever it says.
        }
    }

    private static void drip(Socket connection, String drop, int everyMillis) throws Exception {
        connection.setSoTimeout(everyMillis);
        while (true) {
            RawServer.write(connection.getOutputStream(), drop);
            try {
                connection.getInputStream().skipNBytes(Long.MAX_VALUE);
            } catch (java.net.SocketTimeoutException _) {
                // The pause between two drops.
            }
        }
    }

    private static void reset(Socket connection) throws Exception {
        RawServer.readHead(connection);
        connection.setSoLinger(true, 0);
    }
}
