package carillon.perform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import carillon.action.Action;
import carillon.action.HttpAuth;
import carillon.action.HttpCall;
import carillon.action.Nothing;
import carillon.egress.AllowList;
import carillon.egress.Egress;
import carillon.egress.EgressSettings;
import carillon.egress.RawServer;
import carillon.json.HttpRules;
import carillon.run.Outcome;
import carillon.run.Output;
import carillon.task.RetryOn;
import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
final class HttpPerformerTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:05Z");
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private final Egress egress =
            Egress.open(
                    new EgressSettings(
                            AllowList.of(List.of("127.0.0.1")), Set.of(), 100, "Carillon/test"));
    private final Performers performers = performers(InstantSource.fixed(NOW));

    private Performers performers(InstantSource time) {
        Stamp stamp = lease -> Map.of("X-Chronos-Attempt", "a" + lease.run().attempt());
        return new Performers(
                new HttpPerformer(egress, time, Map.of("chronos", stamp)),
                PromptPerformer.echoing(time));
    }

    @AfterEach
    void close() {
        egress.close();
    }

    @Test
    void nothing_succeeds_with_nothing() throws Exception {
        assertThat(perform(new Nothing())).isEqualTo(new Outcome.Succeeded(Output.NONE));
    }

    @Test
    void every_method_is_sent_as_such() throws Exception {
        try (var target = new RecordingTarget()) {
            for (var method : HttpRules.METHODS) {
                var call = Leases.get(target.url("/200?q=1"));
                var sent =
                        new HttpCall(
                                call.url(),
                                method,
                                Map.of("X-Own", "v"),
                                Optional.empty(),
                                Optional.empty(),
                                Set.of(),
                                Optional.empty());
                assertThat(perform(sent)).as(method).isInstanceOf(Outcome.Succeeded.class);
                var received = target.next();
                assertThat(received.method()).isEqualTo(method);
                assertThat(received.path()).isEqualTo("/200?q=1");
                assertThat(received.header("x-own")).contains("v");
                assertThat(received.header("content-type")).isEmpty();
            }
        }
    }

    @Test
    void the_run_is_told_in_the_headers() throws Exception {
        try (var target = new RecordingTarget()) {
            perform(Leases.get(target.url("/")));
            assertThat(target.next().headers())
                    .containsEntry("webhook-id", "msg_42")
                    .containsEntry("webhook-timestamp", Long.toString(NOW.getEpochSecond()))
                    .containsEntry("x-carillon-task-id", "7")
                    .containsEntry("x-carillon-run-id", "42")
                    .containsEntry("x-carillon-attempt", "1")
                    .containsEntry("x-carillon-fire-time", "2026-03-01T12:00:00Z")
                    .containsEntry("user-agent", "Carillon/test")
                    .doesNotContainKeys("webhook-signature", "x-chronos-attempt");
        }
    }

    @Test
    void the_id_stays_over_the_attempts_and_each_api_stamps_its_own() throws Exception {
        try (var target = new RecordingTarget()) {
            for (int attempt = 1; attempt <= 3; attempt++) {
                var call = Leases.get(target.url("/"));
                performers.perform(Leases.of(call, attempt, LONG, "chronos"));
                assertThat(target.next().headers())
                        .containsEntry("webhook-id", "msg_42")
                        .containsEntry("x-carillon-attempt", "" + attempt)
                        .containsEntry("x-chronos-attempt", "a" + attempt);
            }
        }
    }

    @Test
    void a_body_has_a_type_by_its_look_unless_one_is_given() throws Exception {
        try (var target = new RecordingTarget()) {
            var types =
                    Map.of(
                            "{\"a\":\"ü\"}", "application/json",
                            "[1]", "application/json",
                            "{not json}", "text/plain; charset=utf-8",
                            "hello", "text/plain; charset=utf-8");
            for (var type : types.entrySet()) {
                perform(Leases.post(target.url("/"), type.getKey(), Map.of()));
                var received = target.next();
                assertThat(received.body()).isEqualTo(type.getKey());
                assertThat(received.header("content-type")).contains(type.getValue());
            }
            perform(Leases.post(target.url("/"), "{}", Map.of("content-type", "text/x-own")));
            assertThat(target.next().header("content-type")).contains("text/x-own");
        }
    }

    @Test
    void credentials_go_where_their_kind_says() throws Exception {
        try (var target = new RecordingTarget()) {
            var call = Leases.get(target.url("/"));
            perform(Leases.with(call, new HttpAuth.Basic("Aladdin", "open sesame")));
            assertThat(target.next().header("authorization"))
                    .contains("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
            perform(Leases.with(call, new HttpAuth.Bearer("t0ken")));
            assertThat(target.next().header("authorization")).contains("Bearer t0ken");
            perform(Leases.with(call, new HttpAuth.ApiKey("k", "X-Key")));
            assertThat(target.next().header("x-key")).contains("k");
            perform(
                    Leases.with(
                            Leases.post(target.url("/"), "x", Map.of("authorization", "old")),
                            new HttpAuth.Bearer("new")));
            assertThat(target.next().header("authorization")).contains("Bearer new");
            var withUser = target.url("/").toString().replace("http://", "http://me:p%40w@");
            perform(Leases.get(URI.create(withUser)));
            assertThat(target.next().header("authorization")).contains("Basic bWU6cEB3");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "200, true",
        "204, true",
        "299, true",
        "301, false",
        "404, false",
        "500, false",
    })
    void success_is_two_hundred_something_by_default(int status, boolean succeeds)
            throws Exception {
        try (var target = new RecordingTarget()) {
            var outcome = perform(Leases.get(target.url("/" + status)));
            assertThat(outcome instanceof Outcome.Succeeded).isEqualTo(succeeds);
            assertThat(outcome.output().statusCode()).hasValue(status);
        }
    }

    @Test
    void given_success_codes_take_the_place_of_the_default_ones() throws Exception {
        try (var target = new RecordingTarget()) {
            var wanted = Set.of(404, 302);
            for (int status : List.of(404, 302)) {
                var call = Leases.succeedingOn(Leases.get(target.url("/" + status)), wanted);
                assertThat(perform(call)).isInstanceOf(Outcome.Succeeded.class);
            }
            var call = Leases.succeedingOn(Leases.get(target.url("/200")), wanted);
            assertThat(perform(call)).isInstanceOf(Outcome.Failed.class);
        }
    }

    @Test
    void redirects_are_not_followed() throws Exception {
        try (var target = new RecordingTarget(Map.of("Location", "/200"), new byte[0])) {
            var failed = failed(Leases.get(target.url("/307")));
            assertThat(failed.reason()).isEqualTo("answered 307 Temporary Redirect");
            target.next();
            assertThat(target.waiting()).isZero();
        }
    }

    @Test
    void a_bad_status_fails_with_its_name_its_kinds_and_its_body() throws Exception {
        try (var target = new RecordingTarget()) {
            var failed = failed(Leases.get(target.url("/503")));
            assertThat(failed.reason()).isEqualTo("answered 503 Service Unavailable");
            assertThat(failed.kinds()).isEqualTo(RetryOn.forStatus(503));
            assertThat(failed.output().body()).isEqualTo("fine");
            assertThat(failed.retryAfter()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "120, PT2M",
        "'Sun, 01 Mar 2026 12:01:05 GMT', PT1M",
        "86401, PT24H",
        "99999999999999999999, PT24H",
        "'Mon, 01 Mar 2027 12:01:05 GMT', ",
        "0, PT0S",
        "'Sun, 01 Mar 2026 11:00:00 GMT', PT0S",
        "-5, PT0S",
        "soon, PT0S",
    })
    void retry_after_is_read_in_both_forms_and_bounded(String value, Duration expected)
            throws Exception {
        try (var target = new RecordingTarget(Map.of("Retry-After", value), new byte[0])) {
            var failed = failed(Leases.get(target.url("/429")));
            var wait = expected == null ? Outcome.MAX_RETRY_AFTER : expected;
            assertThat(failed.retryAfter().orElse(Duration.ZERO)).isEqualTo(wait);
        }
    }

    @Test
    void a_target_that_hangs_or_drips_is_a_timeout() throws Exception {
        try (var hanging = new RawServer(connection -> connection.getInputStream().readAllBytes());
                var dripping =
                        new RawServer(
                                connection -> {
                                    RawServer.write(
                                            connection.getOutputStream(),
                                            "HTTP/1.1 200 OK\r\n\r\n");
                                    while (true) {
                                        RawServer.write(connection.getOutputStream(), "x");
                                        Thread.onSpinWait();
                                    }
                                })) {
            var shortly = Duration.ofMillis(150);
            var hung =
                    performers.perform(Leases.of(Leases.get(hanging.url()), 1, shortly, "native"));
            assertThat(hung)
                    .isEqualTo(Outcome.Failed.of("no answer within 150ms", RetryOn.TIMEOUT));
            // So fast a drip is an endless body: cut, and an answer.
            var cut = perform(Leases.get(dripping.url()));
            assertThat(cut.output().cut()).isTrue();
            assertThat(cut.output().body()).hasSize(Output.MAX_KEPT);
        }
    }

    @Test
    void a_target_that_cannot_be_reached_is_a_network_failure() throws Exception {
        try (var server = new RawServer(_ -> {})) {
            assertThat(failed(Leases.get(server.url())).kinds()).containsExactly(RetryOn.NETWORK);
        }
        try (var deaf = new Socket()) { // Its port is taken, and nobody listens.
            deaf.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            var url = URI.create("http://127.0.0.1:" + deaf.getLocalPort() + "/");
            assertThat(failed(Leases.get(url)))
                    .isEqualTo(
                            Outcome.Failed.of(
                                    "connection refused by 127.0.0.1:" + url.getPort(),
                                    RetryOn.NETWORK));
        }
    }

    @Test
    void a_target_that_is_not_allowed_fails_for_another_reason_than_the_network() throws Exception {
        var failed = failed(Leases.get(URI.create("http://169.254.169.254/latest/meta-data")));
        assertThat(failed.kinds()).containsExactly(RetryOn.OTHER);
        assertThat(failed.reason())
                .isEqualTo(
                        "169.254.169.254 has a cloud metadata address, which egress.allow does not"
                                + " permit");
    }

    @Test
    void no_reason_holds_a_credential() throws Exception {
        try (var target = new RecordingTarget()) {
            for (var host :
                    List.of("127.0.0.1:1", "10.0.0.1", "127.0.0.1:" + target.url("/").getPort())) {
                var url = URI.create("http://canary:canary@" + host + "/500?canary");
                var call =
                        Leases.signed(
                                Leases.with(Leases.get(url), new HttpAuth.Bearer("canary")),
                                "canary");
                assertThat(failed(call).reason()).doesNotContain("canary");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {SECRET, "whsec_c2VjcmV0IHNlY3JldCBzZWNyZXQgc2VjcmV0"})
    void an_independent_verifier_accepts_the_signature_and_no_mutation(String secret)
            throws Exception {
        var verifier = new Webhook(secret);
        var body = "{\"text\":\"Glöckchen\"}";
        var received = signedRequest(secret, body);
        verifier.verify(body, headers(received.headers()));

        refuses(verifier, body + " ", received.headers());
        refuses(verifier, body.replace('G', 'g'), received.headers());
        for (var name : List.of("webhook-id", "webhook-timestamp", "webhook-signature")) {
            var mutated = new HashMap<>(received.headers());
            mutated.computeIfPresent(name, (_, value) -> mutated(value));
            refuses(verifier, body, mutated);
        }
        var other = new Webhook("whsec_b3RoZXIgc2VjcmV0IG90aGVyIHNlY3JldA==");
        refuses(other, body, received.headers());
    }

    @Test
    void a_plain_secret_signs_with_its_own_bytes() throws Exception {
        var received = signedRequest("plain secret", "hello");
        new Webhook("plain secret".getBytes(StandardCharsets.UTF_8))
                .verify("hello", headers(received.headers()));
    }

    @Test
    void the_answer_is_text_by_its_charset_that_a_store_can_keep() throws Exception {
        var latin = "text/plain; charset=ISO-8859-1";
        try (var target =
                new RecordingTarget(
                        Map.of("Content-Type", latin), new byte[] {'a', (byte) 0xfc, 0, 'b'})) {
            var output = perform(Leases.get(target.url("/"))).output();
            assertThat(output.body()).isEqualTo("aü\ufffdb");
            assertThat(output.contentType()).isEqualTo(latin);
        }
        try (var target =
                new RecordingTarget(
                        Map.of("Content-Type", "text/plain; charset=no-such"),
                        new byte[] {'a', (byte) 0xff, (byte) 0xc3, (byte) 0xbc})) {
            assertThat(perform(Leases.get(target.url("/"))).output().body()).isEqualTo("a\ufffdü");
        }
    }

    @Test
    void the_kept_text_ends_with_a_whole_character_within_its_bytes() throws Exception {
        var bells = "x" + "\ud83d\udd14".repeat(20_000);
        try (var target = new RecordingTarget(Map.of(), bells.getBytes(StandardCharsets.UTF_8))) {
            var output = perform(Leases.get(target.url("/"))).output();
            assertThat(output.cut()).isTrue();
            assertThat(output.body()).isEqualTo("x" + "\ud83d\udd14".repeat(16_383));
        }
        var latin = new byte[Output.MAX_KEPT];
        java.util.Arrays.fill(latin, (byte) 0xfc);
        try (var target =
                new RecordingTarget(Map.of("Content-Type", "a/b;charset=latin1"), latin)) {
            var output = perform(Leases.get(target.url("/"))).output();
            assertThat(output.cut()).isTrue();
            assertThat(output.body()).isEqualTo("ü".repeat(Output.MAX_KEPT / 2));
        }
    }

    private RecordingTarget.Received signedRequest(String secret, String body) throws Exception {
        // The verifier compares with the real time.
        var signing = performers(InstantSource.system());
        try (var target = new RecordingTarget()) {
            var call = Leases.signed(Leases.post(target.url("/"), body, Map.of()), secret);
            signing.perform(Leases.of(call, 1, LONG, "native"));
            return target.next();
        }
    }

    private static String mutated(String value) {
        char last = value.charAt(value.length() - 2);
        return value.substring(0, value.length() - 2)
                + (last == '1' ? '2' : '1')
                + value.charAt(value.length() - 1);
    }

    private static void refuses(Webhook verifier, String body, Map<String, String> headers) {
        assertThatThrownBy(() -> verifier.verify(body, headers(headers)))
                .isInstanceOf(WebhookVerificationException.class);
    }

    private static HttpHeaders headers(Map<String, String> headers) {
        var lists = new HashMap<String, List<String>>();
        headers.forEach((name, value) -> lists.put(name, List.of(value)));
        return HttpHeaders.of(lists, (_, _) -> true);
    }

    private Outcome perform(Action action) throws InterruptedException {
        return performers.perform(Leases.of(action, 1, LONG, "native"));
    }

    private Outcome.Failed failed(Action action) throws InterruptedException {
        var outcome = perform(action);
        assertThat(outcome).isInstanceOf(Outcome.Failed.class);
        return (Outcome.Failed) outcome;
    }
}
