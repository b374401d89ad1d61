package carillon.api;

import static org.assertj.core.api.Assertions.assertThat;

import carillon.idempotency.Claim;
import carillon.idempotency.IdempotencyKey;
import carillon.idempotency.IdempotencyStore;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class NativeIdempotencyTest {
    private static final String TASKS = "/api/v1/tasks";
    private static final String BODY = "{\"name\":\"one\",\"action\":{\"nothing\":{}}}";

    @TempDir Path directory;
    private NativeServer server;
    private volatile Duration ahead = Duration.ZERO;

    @BeforeEach
    void start() {
        server = open();
    }

    private NativeServer open() {
        return new NativeServer(directory, () -> InstantSource.system().instant().plus(ahead));
    }

    @AfterEach
    void stop() throws InterruptedException {
        server.close();
    }

    private NativeServer.Got post(String key, String path, String body) throws Exception {
        return post("administer", key, path, body);
    }

    private NativeServer.Got post(String by, String key, String path, String body)
            throws Exception {
        return server.send(
                server.request(path)
                        .setHeader("Authorization", "Bearer " + by)
                        .header("Idempotency-Key", key)
                        .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    @Test
    void the_same_request_again_gets_the_first_answer_also_after_a_restart() throws Exception {
        var first = post("k1", TASKS, BODY);
        var again = post("k1", TASKS, BODY);
        server.close();
        server = open();
        var later = post("k1", TASKS, BODY);

        assertThat(first.status()).isEqualTo(201);
        assertThat(first.header("Idempotency-Replayed")).isEmpty();
        for (var repeated : new NativeServer.Got[] {again, later}) {
            assertThat(repeated.status()).isEqualTo(201);
            assertThat(repeated.raw().body()).isEqualTo(first.raw().body());
            assertThat(repeated.header("Idempotency-Replayed")).isEqualTo("true");
            assertThat(repeated.header("Location")).isEqualTo(first.header("Location"));
            assertThat(repeated.header("ETag")).isEqualTo(first.header("ETag"));
        }
        assertThat(server.taskCount()).isOne();
    }

    @Test
    void another_body_or_path_under_the_same_key_is_a_conflict() throws Exception {
        var made = post("k1", TASKS, BODY);

        assertThat(post("k1", TASKS, BODY.replace("one", "two")).status()).isEqualTo(409);
        assertThat(post("k1", made.header("Location") + "/execute", "").status()).isEqualTo(409);
        assertThat(post("k1", TASKS + "?x=1", BODY).status()).isEqualTo(409);
        assertThat(server.taskCount()).isOne();
        assertThat(post("edit", "k1", TASKS, BODY).status()).isEqualTo(201);
        assertThat(server.taskCount()).isEqualTo(2);
    }

    @Test
    void of_many_at_the_same_time_one_has_its_effect() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var posts = new ArrayList<Callable<NativeServer.Got>>();
            for (int i = 0; i < 20; i++) {
                posts.add(() -> post("k1", TASKS, BODY));
            }
            for (var done : threads.invokeAll(posts)) {
                assertThat(done.get().status()).isIn(201, 409);
            }
        }
        assertThat(server.taskCount()).isOne();
    }

    @Test
    void while_the_first_is_under_way_a_second_is_told_to_come_back() throws Exception {
        var path = server.task("hang", "") + "/execute";
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var first = threads.submit(() -> post("k1", path + "?wait=2s", ""));
            Awaitility.await()
                    .until(() -> server.get("/api/v1/runs").body().path("data").size() == 1);
            var second = post("k1", path + "?wait=2s", "");
            assertThat(second.status()).isEqualTo(409);
            assertThat(second.header("Retry-After")).isEqualTo("1");
            assertThat(first.get().status()).isEqualTo(201);
        }
        assertThat(post("k1", path + "?wait=2s", "").header("Idempotency-Replayed"))
                .isEqualTo("true");
        assertThat(server.get("/api/v1/runs").body().path("data").size()).isOne();
    }

    @Test
    void a_request_that_broke_off_is_never_carried_out_again_within_its_day() throws Exception {
        var key = new IdempotencyKey("administer", "k1");
        server.requests.claim(key, print(TASKS, BODY), Instant.now());
        assertThat(post("k1", TASKS, BODY).header("Retry-After")).isEqualTo("1");

        ahead = Idempotency.MAX_UNDER_WAY.plusSeconds(1);
        var refused = post("k1", TASKS, BODY);
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.header("Retry-After")).isEmpty();
        assertThat(refused.body().path("detail").asText()).contains("broke off", "not known");
        assertThat(server.taskCount()).isZero();

        ahead = IdempotencyStore.KEPT.plusSeconds(1);
        assertThat(post("k1", TASKS, BODY).status()).isEqualTo(201);
    }

    private static String print(String path, String body) {
        return Idempotency.fingerprint("POST " + path, body.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void a_refused_request_leaves_its_key_free() throws Exception {
        assertThat(post("k1", TASKS, "{}").status()).isEqualTo(400);
        assertThat(post("k1", TASKS, BODY).status()).isEqualTo(201);
        assertThat(post("viewer", "k2", TASKS, BODY).status()).isEqualTo(401);
        assertThat(post("view", "k2", TASKS, BODY).status()).isEqualTo(403);
        assertThat(post("view", "k1", TASKS, BODY).status()).isEqualTo(403);
    }

    @Test
    void keys_that_are_none_are_refused() throws Exception {
        assertThat(post("a b", TASKS, BODY).status()).isEqualTo(400);
        assertThat(post("x".repeat(256), TASKS, BODY).status()).isEqualTo(400);
        assertThat(post("x".repeat(255), TASKS, BODY).status()).isEqualTo(201);
    }

    @Test
    void an_answer_with_a_secret_is_not_kept() throws Exception {
        var body = "{\"name\":\"ci\",\"role\":\"viewer\"}";
        var made = post("k1", "/api/v1/keys", body);
        assertThat(made.status()).isEqualTo(201);

        assertThat(post("k1", "/api/v1/keys", body).status()).isEqualTo(409);

        var key = new IdempotencyKey("administer", "k1");
        var claim = server.requests.claim(key, print("/api/v1/keys", body), Instant.now());
        assertThat(claim)
                .isInstanceOfSatisfying(
                        Claim.Answered.class, kept -> assertThat(kept.answer().body()).isEmpty())
                .asString()
                .doesNotContain(made.body().path("key").asText());
    }
}
