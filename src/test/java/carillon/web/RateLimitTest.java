package carillon.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class RateLimitTest {
    private static final String ADA = "Authorization: Bearer ada";
    private static final String BOB = "Authorization: Bearer bob";

    private volatile Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final InstantSource time = () -> now;
    private final AtomicInteger checks = new AtomicInteger();
    private final SmallApi keyed = new SmallApi("keyed", Api.Access.KEY);
    private final SmallApi open = new SmallApi("open", Api.Access.LOOPBACK_OR_USERS);
    private final WebServer server =
            new WebServer(
                    new WebSettings(
                            WebSettings.loopback().main(),
                            Map.of(),
                            OptionalInt.of(5),
                            WebSettings.Limits.DEFAULT),
                    List.of(keyed, open),
                    new Authenticators(RateLimitTest::key, Optional.of(new Costly())),
                    _ -> Optional.empty(),
                    time);

    private static Optional<Principal> key(String credential) {
        return credential.equals("ada") || credential.equals("bob")
                ? Optional.of(new Principal(credential, Permission.ADMINISTER))
                : Optional.empty();
    }

    private final class Costly implements Authenticator {
        @Override
        public Optional<Principal> authenticate(String credential) {
            checks.incrementAndGet();
            return Optional.empty();
        }

        @Override
        public Optional<Principal> remembered(String credential) {
            return Optional.empty();
        }
    }

    @BeforeEach
    void start() {
        server.start();
    }

    @AfterEach
    void stop() throws InterruptedException {
        server.stop(Duration.ofSeconds(5));
    }

    private String get(String path, String... headers) throws IOException {
        return new RawClient(server.port()).get(path, headers);
    }

    @Test
    void each_principal_has_its_own_share_of_a_minute_and_sees_how_it_stands() throws IOException {
        for (int left = 4; left >= 0; left--) {
            assertThat(get("/keyed/things/1", ADA))
                    .startsWith("HTTP/1.1 200")
                    .contains("X-RateLimit-Limit: 5", "X-RateLimit-Remaining: " + left)
                    .contains("X-RateLimit-Reset: " + (now.getEpochSecond() + 12L * (5 - left)));
        }
        assertThat(get("/keyed/things/1", ADA))
                .startsWith("HTTP/1.1 429")
                .contains("Retry-After: 12", "X-RateLimit-Remaining: 0", "TOO_MANY_REQUESTS");
        assertThat(get("/keyed/things/1", BOB)).startsWith("HTTP/1.1 200");
        now = now.plusSeconds(12);
        assertThat(get("/keyed/things/1", ADA)).startsWith("HTTP/1.1 200");
        assertThat(get("/keyed/things/1", ADA)).startsWith("HTTP/1.1 429");
    }

    @Test
    void strangers_are_counted_by_address_whatever_they_ask_for() throws IOException {
        for (var path : List.of("/keyed/x", "/keyed/things/1", "/nowhere", "/", "/open/x")) {
            assertThat(get(path)).matches("(?s)HTTP/1.1 4(00|01|04).*");
        }
        assertThat(get("/keyed/x")).startsWith("HTTP/1.1 429").contains("\"oops\":");
        assertThat(get("/keyed/things/1", "X-Forwarded-For: 9.9.9.9")).startsWith("HTTP/1.1 429");
        assertThat(get("/keyed/things/1", ADA)).startsWith("HTTP/1.1 200");
        for (int i = 0; i < 10; i++) {
            assertThat(get("/keyed/health"))
                    .startsWith("HTTP/1.1 200")
                    .doesNotContain("X-RateLimit");
        }
    }

    @Test
    void guessing_passwords_costs_the_server_no_more_than_the_limit() throws IOException {
        for (int i = 0; i < 20; i++) {
            get("/open/things/1", "Authorization: Basic Z3Vlc3M6" + i);
        }
        assertThat(checks.get()).isBetween(1, 5);
    }

    @Test
    void the_addresses_of_one_ipv6_subscriber_are_one() {
        var one = Limiter.keyOf(InetAddress.ofLiteral("2001:db8:1:2::1"));
        assertThat(Limiter.keyOf(InetAddress.ofLiteral("2001:db8:1:2:ffff::9"))).isEqualTo(one);
        assertThat(Limiter.keyOf(InetAddress.ofLiteral("2001:db8:1:3::1"))).isNotEqualTo(one);
        assertThat(Limiter.keyOf(InetAddress.ofLiteral("10.0.0.1")))
                .isNotEqualTo(Limiter.keyOf(InetAddress.ofLiteral("10.0.0.2")));
    }
}
