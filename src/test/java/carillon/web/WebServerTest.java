package carillon.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60) // A stream that says nothing fails its test and does not hang the build.
final class WebServerTest {
    private static final InetSocketAddress ANY_PORT =
            new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);
    private static final String KEY = "Authorization: Bearer admin";

    private final SmallApi api = new SmallApi("small", Api.Access.KEY);
    private final HttpClient client = HttpClient.newHttpClient();
    private final WebServer server =
            new WebServer(
                    new WebSettings(
                            ANY_PORT,
                            Map.of("small", ANY_PORT),
                            OptionalInt.empty(),
                            WebSettings.Limits.DEFAULT),
                    List.of(api),
                    new Authenticators(WebServerTest::key, Optional.empty()),
                    WebServerTest::failures,
                    InstantSource.system());

    private static Optional<Principal> key(String credential) {
        return switch (credential) {
            case "viewer" -> Optional.of(new Principal("vera", Permission.VIEW));
            case "admin" -> Optional.of(new Principal("ada", Permission.ADMINISTER));
            default -> Optional.empty();
        };
    }

    private static Optional<Refusal> failures(RuntimeException e) {
        return e instanceof ArithmeticException
                ? Optional.of(Refusal.of(Refusal.Kind.NO_SPACE, "the disk is full"))
                : Optional.empty();
    }

    @BeforeEach
    void start() {
        server.start();
    }

    @AfterEach
    void stop() throws InterruptedException {
        api.release.countDown();
        server.stop(Duration.ofSeconds(5));
    }

    private RawClient raw() {
        return new RawClient(server.port());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                .header("Authorization", "Bearer admin");
    }

    private HttpResponse<String> send(HttpRequest.Builder request)
            throws IOException, InterruptedException {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String body) throws IOException, InterruptedException {
        return send(request("/small/things").POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    @Test
    void a_route_answers_with_its_parameters_and_the_headers_of_every_answer() throws Exception {
        var answer = send(request("/small/things/7?q=a%20b&q=c"));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("\"id\":\"7\"", "\"caller\":\"ada\"", "\"q\":\"a b\"");
        assertThat(answer.headers().map())
                .containsEntry("x-content-type-options", List.of("nosniff"))
                .containsEntry("cache-control", List.of("no-store"))
                .containsKey("x-request-id")
                .doesNotContainKey("server");
    }

    @ParameterizedTest
    @CsvSource({"mine-1.2_3,true", "has space,false", "<script>,false"})
    void a_sane_request_id_comes_back_and_another_is_replaced(String id, boolean kept)
            throws Exception {
        var answer = send(request("/small/things/7").header("X-Request-ID", id));
        var shown = answer.headers().firstValue("X-Request-ID").orElseThrow();
        assertThat(shown.equals(id)).isEqualTo(kept);
        assertThat(shown).matches("[A-Za-z0-9._-]{1,64}");
    }

    @Test
    void a_slash_at_the_end_is_as_good_as_none_and_head_is_get_without_body() throws Exception {
        assertThat(send(request("/small/things/7/")).statusCode()).isEqualTo(200);
        var head = send(request("/small/things/7").method("HEAD", noBody()));
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
    }

    private static HttpRequest.BodyPublisher noBody() {
        return HttpRequest.BodyPublishers.noBody();
    }

    @Test
    void a_listener_of_its_own_serves_one_api_at_the_root_and_nothing_else() throws Exception {
        var own = new RawClient(server.portOf("small"));
        assertThat(own.get("/things/7", KEY)).startsWith("HTTP/1.1 200");
        assertThat(own.get("/small/things/7", KEY)).startsWith("HTTP/1.1 404").contains("oops");
        assertThat(raw().get("/things/7", KEY))
                .startsWith("HTTP/1.1 404")
                .contains("application/problem+json", "\"request_id\":");
    }

    @Test
    void unknown_paths_and_wrong_methods_are_refused_in_the_apis_shape() throws Exception {
        assertThat(raw().get("/small/nowhere", KEY))
                .startsWith("HTTP/1.1 404")
                .contains("\"oops\":\"NOT_FOUND\"");
        for (var method : List.of("PUT", "PATCH", "OPTIONS", "TRACE", "BREW")) {
            assertThat(raw().request(method, "/small/things", KEY))
                    .as(method)
                    .matches("(?s)HTTP/1.1 405.*\"oops\":.*");
        }
        assertThat(raw().request("PUT", "/small/things", KEY))
                .startsWith("HTTP/1.1 405")
                .contains("Allow: DELETE, POST", "METHOD_NOT_ALLOWED");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/small//things/7",
                "//small/things/7",
                "/small/./things/7",
                "/small/../small/things/7",
                "/small/x/../things/7",
                "/small/%2e/things/7",
                "/small/%2E%2E/small/things/7",
                "/small/things;x/7",
                "/small/things/7;x=y",
                "/small/things/a%2fb",
                "/small/things/a%5Cb",
                "/small/things/a%00b",
                "/small/things/%zz",
                "/small/things/%ff",
                "/small\\things/7",
                "/small/thing%73/7",
                "/SMALL/things/7",
                "/small/Things/7",
                "/small/things/7//",
            })
    void path_tricks_reach_no_route_with_or_without_a_key(String path) throws Exception {
        var answer = raw().get(path);
        assertThat(answer).as(path).matches("(?s)HTTP/1.1 (400|401|404) .*");
        assertThat(answer).doesNotContain("<html", "Exception", "jetty");
        assertThat(answer).containsAnyOf("\"oops\":", "application/problem+json");
        assertThat(raw().get(path, KEY)).as(path).matches("(?s)HTTP/1.1 (400|404) .*");
    }

    @Test
    void an_absolute_target_is_its_path() throws Exception {
        assertThat(raw().get("http://127.0.0.1/small/things/7", "Host: 127.0.0.1"))
                .startsWith("HTTP/1.1 401");
        assertThat(raw().get("http://127.0.0.1/small/things/7", "Host: 127.0.0.1", KEY))
                .startsWith("HTTP/1.1 200");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /small/things/7 HTTP/1.1~~",
                "CONNECT 127.0.0.1:80 HTTP/1.1~Host: a~~",
                "GET /small/things/7 HTTP/1.1~Host: a~Host: b~~",
                "GET  /small/things/7  HTTP/9.9~Host: a~~",
                "\0\0\0~~",
                "POST /small/things HTTP/1.1~Host: a~Content-Length: x~~",
                "POST /small/things HTTP/1.1~Host: a~Content-Length: 2~"
                        + "Transfer-Encoding: chunked~~0~~",
                "POST /small/things HTTP/1.1~Host: a~Transfer-Encoding: gzip~~",
                "GET /small/things/7 HTTP/1.1~Host: a~Bad Name: x~~",
            })
    void broken_requests_are_refused_as_json_and_close_the_connection(String request)
            throws Exception {
        var answer = raw().send(request.replace("~", "\r\n"));
        assertThat(answer).matches("(?s)HTTP/1.1 4\\d\\d .*").contains("json");
        assertThat(answer).doesNotContain("<html", "Exception", "jetty");
        assertThat(api.stored).isEmpty();
    }

    @Test
    void a_head_beyond_the_limit_is_refused() throws Exception {
        var answer = raw().get("/small/things/7", "X-Long: " + "x".repeat(20_000));
        assertThat(answer).startsWith("HTTP/1.1 400").contains("\"oops\":");
        assertThat(raw().get("/small/things/" + "x".repeat(20_000)))
                .startsWith("HTTP/1.1 400")
                .contains("json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "{\"a\":1,\"a\":2}", "[1] x", "nul", "\uFEFF", "{\"a\":NaN}"})
    void what_is_not_json_is_refused_and_nothing_is_stored(String body) throws Exception {
        var answer = post(body);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("MALFORMED_JSON");
        assertThat(api.stored).isEmpty();
    }

    @Test
    void depth_and_size_have_a_limit_also_where_the_length_is_not_told() throws Exception {
        var deep = "[".repeat(100_000) + "]".repeat(100_000);
        assertThat(post(deep).statusCode()).isEqualTo(400);
        int max = WebSettings.Limits.DEFAULT.bodyBytes();
        var exact = "\"" + "x".repeat(max - 2) + "\"";
        assertThat(post(exact).statusCode()).isEqualTo(201);
        var over = post(exact + " ");
        assertThat(over.statusCode()).isEqualTo(413);
        assertThat(over.body()).contains("TOO_LARGE");
        var chunk = Integer.toHexString(max + 1) + "\r\n" + exact + " \r\n0\r\n\r\n";
        assertThat(
                        raw().send(
                                        "POST /small/things HTTP/1.1\r\nHost: a\r\n"
                                                + KEY
                                                + "\r\nConnection: close\r\n"
                                                + "Transfer-Encoding: chunked\r\n\r\n"
                                                + chunk))
                .startsWith("HTTP/1.1 413")
                .contains("TOO_LARGE");
        assertThat(api.stored).hasSize(1);
    }

    @Test
    void a_client_that_sends_far_too_much_is_told_so() throws Exception {
        var answer = post("x".repeat(10 * 1024 * 1024));
        assertThat(answer.statusCode()).isEqualTo(413);
        var unknown =
                HttpRequest.newBuilder(request("/small/things").build().uri())
                        .POST(HttpRequest.BodyPublishers.ofString("x".repeat(5_000_000)));
        assertThat(send(unknown).statusCode()).isEqualTo(401);
        assertThat(post("{}").statusCode()).isEqualTo(201);
    }

    @Test
    void compressed_and_oddly_encoded_bodies_are_refused() throws Exception {
        var zipped =
                request("/small/things")
                        .header("Content-Encoding", "gzip")
                        .POST(HttpRequest.BodyPublishers.ofString("{}"));
        assertThat(send(zipped).statusCode()).isEqualTo(415);
        var latin =
                request("/small/things")
                        .header("Content-Type", "application/json; charset=iso-8859-1")
                        .POST(HttpRequest.BodyPublishers.ofString("{}"));
        assertThat(send(latin).statusCode()).isEqualTo(415);
        assertThat(api.stored).isEmpty();
    }

    @Test
    void a_bug_is_an_internal_error_that_tells_nothing_but_the_request_id() throws Exception {
        var answer = send(request("/small/bug").header("X-Request-ID", "find-me"));
        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(answer.body())
                .contains("INTERNAL", "find-me")
                .doesNotContain("secret", "IllegalState");
    }

    @Test
    void a_failure_of_the_layers_below_is_told_as_what_it_is() throws Exception {
        var answer = send(request("/small/full"));
        assertThat(answer.statusCode()).isEqualTo(507);
        assertThat(answer.body()).contains("NO_SPACE", "the disk is full");
    }

    @Test
    void a_body_that_cannot_be_written_is_an_internal_error() throws Exception {
        assertThat(send(request("/small/unwritable")).statusCode()).isEqualTo(500);
    }

    @Test
    void a_feed_sends_each_event_at_once_and_ends_with_its_handler() throws Exception {
        var answer =
                client.send(request("/small/feed").build(), HttpResponse.BodyHandlers.ofLines());
        var lines = answer.body().iterator();
        assertThat(lines.next()).isEqualTo("id: 1");
        assertThat(lines.next()).isEqualTo("event: first");
        assertThat(lines.next()).isEqualTo("data: {\"n\":1}");
        api.release.countDown();
        var rest = new StringBuilder();
        lines.forEachRemaining(line -> rest.append(line).append('\n'));
        assertThat(rest).contains("id: 2\nevent: last\ndata: {\"n\":2}");
    }

    @Test
    void a_feed_asked_for_by_head_has_a_head_only() throws Exception {
        var answer = send(request("/small/feed").method("HEAD", noBody()));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type").orElse(""))
                .startsWith("text/event-stream");
    }

    @Test
    void hundreds_of_requests_may_wait_at_once() throws Exception {
        var answers = new ArrayList<CompletableFuture<HttpResponse<String>>>();
        for (int i = 0; i < 400; i++) {
            answers.add(
                    client.sendAsync(
                            request("/small/slow").build(), HttpResponse.BodyHandlers.ofString()));
        }
        Awaitility.await().untilAsserted(() -> assertThat(api.waiting).hasValue(400));
        assertThat(raw().get("/small/health")).startsWith("HTTP/1.1 200");
        api.release.countDown();
        for (var answer : answers) {
            assertThat(answer.get().statusCode()).isEqualTo(200);
        }
    }

    @Test
    void stopping_ends_feeds_refuses_new_requests_and_waits_for_those_under_way() throws Exception {
        var slow =
                client.sendAsync(
                        request("/small/slow").build(), HttpResponse.BodyHandlers.ofString());
        api.entered.await();
        var late = raw();
        var stopped =
                CompletableFuture.supplyAsync(
                        () -> {
                            try {
                                return server.stop(Duration.ofSeconds(10));
                            } catch (InterruptedException e) {
                                throw new IllegalStateException(e);
                            }
                        });
        assertThat(stopped).isNotDone();
        api.release.countDown();
        assertThat(slow.get().statusCode()).isEqualTo(200);
        assertThat(stopped.get()).isTrue();
        assertThatThrownBy(() -> late.get("/small/health")).isInstanceOf(IOException.class);
    }

    @Test
    void an_address_in_use_stops_the_start_with_its_name() {
        var settings =
                new WebSettings(
                        new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), server.port()),
                        Map.of(),
                        OptionalInt.empty(),
                        WebSettings.Limits.DEFAULT);
        var second = newServer(settings, List.of(api));
        assertThatThrownBy(second::start)
                .isInstanceOf(ListenException.class)
                .hasMessageContaining(Integer.toString(server.port()));
    }

    private static WebServer newServer(WebSettings settings, List<Api> apis) {
        return new WebServer(
                settings,
                apis,
                new Authenticators(WebServerTest::key, Optional.empty()),
                _ -> Optional.empty(),
                InstantSource.system());
    }

    @Test
    void two_apis_under_one_prefix_and_a_listener_for_nobody_stop_the_start() {
        assertThatThrownBy(() -> newServer(WebSettings.loopback(), List.of(api, api)))
                .isInstanceOf(IllegalStateException.class);
        var settings =
                new WebSettings(
                        ANY_PORT,
                        Map.of("nobody", ANY_PORT),
                        OptionalInt.empty(),
                        WebSettings.Limits.DEFAULT);
        assertThatThrownBy(() -> newServer(settings, List.of(api)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("nobody");
    }

    @Test
    void every_route_needs_the_permission_that_the_table_says() throws Exception {
        var credentials =
                Map.of(
                        "",
                        Permission.NONE,
                        "viewer",
                        Permission.VIEW,
                        "admin",
                        Permission.ADMINISTER);
        api.release.countDown();
        for (var route : api.routes()) {
            for (var credential : credentials.entrySet()) {
                var held = credential.getValue();
                int status = status(route, credential.getKey());
                var what = route.method() + " " + route.path() + " with " + held;
                if (held.compareTo(route.permission()) >= 0) {
                    assertThat(status).as(what).isNotIn(401, 403);
                } else {
                    assertThat(status).as(what).isEqualTo(held == Permission.NONE ? 401 : 403);
                }
            }
        }
    }

    private int status(Route route, String credential) throws IOException {
        var headers =
                credential.isEmpty()
                        ? new String[0]
                        : new String[] {"Authorization: Bearer " + credential};
        var path = "/small" + route.path().replaceAll("\\{\\w+}", "1");
        var answer = raw().request(route.method().name(), path, headers);
        return Integer.parseInt(answer.substring("HTTP/1.1 ".length(), "HTTP/1.1 200".length()));
    }

    @Test
    void a_wrong_key_is_unauthorized_with_a_challenge() throws Exception {
        for (var header :
                List.of("Bearer nobody", "bearer", "Basic YTpi", "Bearer admin extra", "admin")) {
            assertThat(raw().get("/small/things/7", "Authorization: " + header))
                    .as(header)
                    .startsWith("HTTP/1.1 401")
                    .contains("WWW-Authenticate: Bearer", "UNAUTHORIZED");
        }
        assertThat(raw().get("/small/things/7", KEY, KEY)).startsWith("HTTP/1.1 401");
    }
}
