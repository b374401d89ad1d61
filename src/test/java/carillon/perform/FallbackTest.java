package carillon.perform;

import static org.assertj.core.api.Assertions.assertThat;

import carillon.action.PromptCall;
import carillon.ai.Defaults;
import carillon.ai.Endpoint;
import carillon.ai.Model;
import carillon.ai.Provider;
import carillon.ai.Terms;
import carillon.budget.Cashier;
import carillon.egress.AllowList;
import carillon.egress.Egress;
import carillon.egress.EgressSettings;
import carillon.egress.RawServer;
import carillon.json.TaskJson;
import carillon.perform.ChatServer.Told;
import carillon.quota.Quotas;
import carillon.run.Outcome;
import carillon.store.StoreSettings;
import carillon.store.Stores;
import carillon.task.RetryOn;
import carillon.task.TaskLists;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/// Models that fail or have no quota left, and those that stand in for them.
@Timeout(60)
final class FallbackTest {
    private static final String KEY = "sk-very-secret-1234567890";
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final InstantSource TIME = InstantSource.system();
    private static final Told ANSWER =
            Told.ok(
                    """
                    {"id":"c1","object":"chat.completion","created":1,"model":"x",
                     "choices":[{"index":0,"finish_reason":"stop",
                       "message":{"role":"assistant","content":"Bonjour"}}],
                     "usage":{"prompt_tokens":12,"completion_tokens":5,"total_tokens":17}}
                    """);
    private static final Told BROKEN = new Told(500, Map.of(), "{\"error\":{\"message\":\"Oh\"}}");

    @TempDir private Path folder;
    private final Egress egress =
            Egress.open(
                    new EgressSettings(
                            AllowList.of(List.of("127.0.0.1")), Set.of(), 100, "Carillon/test"));
    private final Map<String, Model> models = new HashMap<>();
    private Optional<Stores> stores = Optional.empty();
    private Optional<Quotas> quotas = Optional.empty();

    @BeforeEach
    void open() {
        var sqlite = new StoreSettings.Sqlite(folder);
        stores = Optional.of(Stores.open(sqlite, TaskJson.codec(), TaskLists.NONE, TIME));
        quotas = stores.map(open -> new Quotas(open.quotas(), TIME));
    }

    @AfterEach
    void close() {
        stores.ifPresent(Stores::close);
        egress.close();
    }

    private Model model(String name, URI url, String... fallbacks) {
        return model(Provider.OPENAI, name, url, LONG, List.of(fallbacks));
    }

    private Model model(
            Provider provider, String name, URI url, Duration timeout, List<String> fallbacks) {
        var endpoint = new Endpoint(url, Optional.of(KEY), Endpoint.Source.CALLER);
        var model =
                new Model(
                        name,
                        provider,
                        name,
                        Optional.of(endpoint),
                        Defaults.NONE,
                        Terms.UNKNOWN,
                        fallbacks,
                        timeout);
        models.put(name, model);
        return model;
    }

    private Outcome ask(String name) throws InterruptedException {
        var meter = quotas.orElseThrow();
        var chat =
                new MeteredChat(
                        new ChatClients(new Ways(egress, egress), TIME, meter::told), meter);
        var call = PromptCall.of(name, "Say hello");
        var performer =
                new PromptPerformer(
                        Questions.LITERAL,
                        wanted -> Optional.ofNullable(models.get(wanted)),
                        chat,
                        Cashier.UNLIMITED,
                        TIME);
        var outcome = performer.perform(call, Leases.of(call, 1, LONG, "native"));
        assertThat(outcome.toString()).doesNotContain(KEY);
        return outcome;
    }

    private static void assertAnswered(Outcome outcome, String by) {
        assertThat(outcome).isInstanceOf(Outcome.Succeeded.class);
        assertThat(outcome.output().body()).isEqualTo("Bonjour");
        var answer = ((Outcome.Succeeded) outcome).asked().answer().orElseThrow();
        assertThat(answer.source().model()).isEqualTo(by);
    }

    @Test
    void when_the_first_fails_the_second_answers() throws Exception {
        try (var broken = new ChatServer(BROKEN);
                var good = new ChatServer(ANSWER)) {
            model("one", broken.url(), "two", "three");
            model("two", good.url());
            model("three", good.url());
            assertAnswered(ask("one"), "two");
            assertThat(broken.count()).isEqualTo(1);
            assertThat(good.count()).isEqualTo(1);
        }
    }

    @Test
    void a_slow_model_has_its_own_time_and_the_next_has_the_rest() throws Exception {
        try (var slow = new RawServer(_ -> new CountDownLatch(1).await());
                var good = new ChatServer(ANSWER)) {
            var timeout = Duration.ofMillis(300);
            model(Provider.OPENAI, "one", slow.url(), timeout, List.of("two"));
            model("two", good.url());
            long begin = System.nanoTime();
            assertAnswered(ask("one"), "two");
            assertThat(Duration.ofNanos(System.nanoTime() - begin))
                    .isBetween(Duration.ofMillis(300), Duration.ofSeconds(15));
        }
    }

    @Test
    void a_provider_that_is_down_is_stood_in_for() throws Exception {
        try (var deaf = new Socket();
                var good = new ChatServer(ANSWER)) {
            deaf.bind(
                    new InetSocketAddress(
                            InetAddress.getLoopbackAddress(), 0)); // And nobody listens.
            model("one", URI.create("http://127.0.0.1:" + deaf.getLocalPort() + "/v1"), "two");
            model("two", good.url());
            assertAnswered(ask("one"), "two");
            models.remove("two");
            var failed = (Outcome.Failed) ask("one");
            assertThat(failed.kinds()).containsExactly(RetryOn.NETWORK);
            assertThat(failed.reason()).startsWith("connection refused by 127.0.0.1");
        }
    }

    @Test
    void when_all_fail_each_says_why_and_the_first_decides_about_a_retry() throws Exception {
        try (var broken = new ChatServer(BROKEN);
                var closed = new ChatServer(new Told(401, Map.of(), "{}"));
                var odd = new ChatServer(Told.ok("{\"choices\":[{\"mess"))) {
            model("one", broken.url(), "two", "nobody", "three");
            model("two", closed.url());
            model("three", odd.url());
            var failed = (Outcome.Failed) ask("one");
            assertThat(failed.reason())
                    .isEqualTo(
                            "one: answered 500 Internal Server Error: Oh; two: answered 401"
                                    + " Unauthorized: the key was not accepted; three: the answer"
                                    + " is not in the provider's form");
            assertThat(failed.kinds()).isEqualTo(RetryOn.forStatus(500));
            assertThat(failed.output().statusCode()).hasValue(500);
        }
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "ECHO")
    void a_refusal_is_waited_for_as_long_as_the_provider_says(Provider provider) throws Exception {
        var reset = Instant.now().plusSeconds(1_800).toString();
        var refusal =
                switch (provider) {
                    case OPENAI -> new Told(429, Map.of("retry-after-ms", "1800000"), "{}");
                    case ANTHROPIC ->
                            new Told(
                                    429,
                                    Map.of(
                                            "anthropic-ratelimit-requests-remaining",
                                            "0",
                                            "anthropic-ratelimit-requests-reset",
                                            reset),
                                    "{}");
                    case GEMINI ->
                            new Told(
                                    429,
                                    Map.of(),
                                    "{\"error\":{\"message\":\"Slow\",\"details\":[{\"@type\":"
                                            + "\"RetryInfo\",\"retryDelay\":\"1800s\"}]}}");
                    case ECHO -> throw new IllegalStateException("echo refuses nothing");
                };
        try (var refusing = new ChatServer(refusal);
                var good = new ChatServer(ANSWER)) {
            model(provider, "one", refusing.url(), LONG, List.of("two"));
            model("two", good.url());
            var postponed = (Outcome.Postponed) ask("one");
            assertThat(postponed.reason()).startsWith("waiting for quota until 20");
            assertThat(Duration.between(Instant.now(), postponed.until()))
                    .isBetween(Duration.ofSeconds(1_700), Duration.ofSeconds(1_801));
            assertThat(ask("one")).isInstanceOf(Outcome.Postponed.class);
            assertThat(refusing.count()).isEqualTo(1);
            assertThat(good.count()).isZero();
        }
    }

    @Test
    void a_short_pause_is_waited_for_at_once() throws Exception {
        var asked = new AtomicLong();
        var refusal = new Told(429, Map.of("retry-after-ms", "30"), "{}");
        try (var server = new ChatServer(_ -> asked.incrementAndGet() == 1 ? refusal : ANSWER)) {
            model("one", server.url());
            assertAnswered(ask("one"), "one");
            assertThat(asked.get()).isEqualTo(2);
        }
    }

    @Test
    void a_fallback_without_a_quota_left_is_passed_by() throws Exception {
        var refusal = new Told(429, Map.of("Retry-After", "3600"), "{}");
        try (var broken = new ChatServer(BROKEN);
                var refusing = new ChatServer(refusal);
                var good = new ChatServer(ANSWER)) {
            model("one", broken.url(), "two", "three");
            var two = model("two", refusing.url());
            model("three", good.url());
            assertAnswered(ask("one"), "three");
            assertAnswered(ask("one"), "three");
            assertThat(refusing.count()).isEqualTo(1);
            models.remove("three");
            var failed = (Outcome.Failed) ask("one");
            assertThat(failed.reason())
                    .startsWith("one: answered 500 ")
                    .contains("; two: waiting for quota until ");
            assertThat(quotas.orElseThrow().state(two).orElseThrow().waiting()).isZero();
        }
    }

    @Test
    void an_account_that_is_used_up_is_a_failure_and_no_pause() throws Exception {
        var body = "{\"error\":{\"message\":\"none left\",\"code\":\"insufficient_quota\"}}";
        var usedUp = new Told(429, Map.of("Retry-After", "3600"), body);
        try (var server = new ChatServer(usedUp);
                var good = new ChatServer(ANSWER)) {
            model("one", server.url(), "two");
            model("two", good.url());
            assertAnswered(ask("one"), "two");
            models.remove("two");
            var failed = (Outcome.Failed) ask("one");
            assertThat(failed.kinds()).containsExactly(RetryOn.OTHER);
            assertThat(failed.reason()).isEqualTo("answered 429 Too Many Requests: none left");
        }
    }

    @Test
    void of_an_answer_of_100_mb_little_is_read() throws Exception {
        var written = new AtomicLong();
        var piece = "x".repeat(64 * 1024);
        try (var server =
                new RawServer(
                        connection -> {
                            RawServer.readHead(connection);
                            var out = connection.getOutputStream();
                            RawServer.write(
                                    out,
                                    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                                            + "Content-Length: 104857600\r\n\r\n\"");
                            while (written.addAndGet(piece.length()) < 104_857_600) {
                                RawServer.write(out, piece);
                            }
                        })) {
            model("one", server.url());
            var failed = (Outcome.Failed) ask("one");
            assertThat(failed.reason()).isEqualTo("the answer is longer than 1 MiB");
            assertThat(written.get()).isLessThan(64L * 1024 * 1024);
        }
    }
}
