package carillon.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The APIs whose documents know no credentials: open to programs on this machine, closed to web
/// pages, to names that only seem to be this machine, and to everybody else once there are users.
final class OpenOnLoopbackTest {
    private final SmallApi api = new SmallApi("small", Api.Access.LOOPBACK_OR_USERS);
    private final AtomicInteger costlyChecks = new AtomicInteger();
    private Optional<WebServer> server = Optional.empty();

    private RawClient start(Optional<Authenticator> users) {
        var started =
                new WebServer(
                        WebSettings.loopback(),
                        List.of(api),
                        new Authenticators(OpenOnLoopbackTest::key, users),
                        _ -> Optional.empty(),
                        InstantSource.system());
        started.start();
        server = Optional.of(started);
        return new RawClient(started.port());
    }

    private static Optional<Principal> key(String credential) {
        return credential.equals("right")
                ? Optional.of(new Principal("ada", Permission.ADMINISTER))
                : Optional.empty();
    }

    private Authenticator users() {
        return credential -> {
            costlyChecks.incrementAndGet();
            return credential.equals(basic("grace:right"))
                    ? Optional.of(new Principal("grace", Permission.ADMINISTER))
                    : Optional.empty();
        };
    }

    private static String basic(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @AfterEach
    void stop() throws InterruptedException {
        if (server.isPresent()) {
            server.get().stop(Duration.ofSeconds(5));
        }
    }

    private static int statusOf(String answer) {
        return Integer.parseInt(answer.substring(9, 12));
    }

    private static int delete(RawClient client, String... headers) throws IOException {
        return statusOf(client.request("DELETE", "/small/things", headers));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Host: localhost",
                "Host: LOCALHOST:1234",
                "Host: 127.0.0.1:8080",
                "Host: 127.1.2.3",
                "Host: [::1]:7700"
            })
    void a_program_on_this_machine_needs_no_credential(String host) throws IOException {
        var answer = start(Optional.empty()).request("DELETE", "/small/things", host);
        assertThat(statusOf(answer)).isEqualTo(200);
        assertThat(answer).contains("\"by\":\"anonymous\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Host: attacker.example",
                "Host: localhost.attacker.example",
                "Host: 127.0.0.1.nip.io",
                "Host: 10.0.0.1"
            })
    void a_host_that_is_not_loopback_is_refused(String host) throws IOException {
        assertThat(delete(start(Optional.empty()), host)).isEqualTo(403);
    }

    @Test
    void a_web_page_of_another_origin_is_refused() throws IOException {
        var client = start(Optional.empty());
        var host = "Host: localhost:1";
        assertThat(delete(client, host, "Origin: https://attacker.example")).isEqualTo(403);
        assertThat(delete(client, host, "Origin: null")).isEqualTo(403);
        assertThat(delete(client, host, "Origin: http://localhost:2")).isEqualTo(403);
        assertThat(delete(client, host, "Origin: http://")).isEqualTo(403);
        assertThat(delete(client, host, "Sec-Fetch-Site: cross-site")).isEqualTo(403);
        assertThat(delete(client, host, "Sec-Fetch-Site: same-site")).isEqualTo(403);
        assertThat(delete(client, host, "Origin: http://localhost:1")).isEqualTo(200);
        assertThat(delete(client, host, "Sec-Fetch-Site: same-origin")).isEqualTo(200);
        assertThat(delete(client, host, "Sec-Fetch-Site: none")).isEqualTo(200);
    }

    @Test
    void what_comes_through_a_proxy_needs_a_key() throws IOException {
        var client = start(Optional.empty());
        assertThat(delete(client, "X-Forwarded-For: 203.0.113.9")).isEqualTo(401);
        assertThat(delete(client, "Forwarded: for=203.0.113.9")).isEqualTo(401);
        assertThat(delete(client, "Via: 1.1 proxy")).isEqualTo(401);
        var key = "Authorization: Bearer right";
        assertThat(delete(client, "X-Forwarded-For: 203.0.113.9", key)).isEqualTo(200);
    }

    @Test
    void with_users_only_they_and_keys_get_in_and_health_stays_open() throws IOException {
        var client = start(Optional.of(users()));
        assertThat(client.get("/small/things/1"))
                .startsWith("HTTP/1.1 401")
                .contains("WWW-Authenticate: Basic realm=");
        var right = "Authorization: Basic " + basic("grace:right");
        assertThat(client.get("/small/things/1", right)).contains("\"caller\":\"grace\"");
        var wrong = "Authorization: Basic " + basic("grace:wrong");
        assertThat(client.get("/small/things/1", wrong)).startsWith("HTTP/1.1 401");
        assertThat(delete(client, right, "Origin: https://attacker.example")).isEqualTo(403);
        assertThat(delete(client, "Authorization: Bearer right")).isEqualTo(200);
        assertThat(client.get("/small/health")).startsWith("HTTP/1.1 200");
        assertThat(costlyChecks).hasPositiveValue();
    }
}
