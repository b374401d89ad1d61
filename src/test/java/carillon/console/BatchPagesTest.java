package carillon.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import carillon.json.Json;
import carillon.perform.ChatServer;
import com.microsoft.playwright.Page;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The pages of batches, with a model that comes to a halt on its way, and refuses one question
/// once.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(600)
final class BatchPagesTest {
    private static final int ROWS = 40;
    private static final int AT_ONCE = 10;

    private final CountDownLatch released = new CountDownLatch(1);
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicInteger answered = new AtomicInteger();
    private ConsoleServer server;
    private ChatServer provider;
    private Browser browser;
    private Pressing admin;

    @BeforeAll
    void start(@TempDir Path folder, @TempDir Path notes) throws Exception {
        browser = Browser.open(notes);
        server = new ConsoleServer(folder);
        provider = new ChatServer(this::told);
        server.post(
                "/models",
                """
                {"name":"m","provider":"openai","base_url":"%s","prices":{"input":1,"output":1}}
                """
                        .formatted(provider.url()));
        admin = new Pressing(server, server.admin());
    }

    @AfterAll
    void stop() {
        released.countDown();
        browser.close();
        server.close();
        provider.close();
    }

    private ChatServer.Told told(ChatServer.Asked asked) {
        var question = asked.body().path("messages").path(0).path("content").asText();
        if (question.equals("question 3") && refused.getAndIncrement() == 0) {
            return new ChatServer.Told(400, Map.of(), "{}");
        }
        if (answered.incrementAndGet() > AT_ONCE) {
            try {
                released.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        var answer = Json.object();
        var choice = answer.putArray("choices").addObject();
        choice.put("index", 0).put("finish_reason", "stop");
        choice.putObject("message").put("role", "assistant").put("content", "yes");
        answer.putObject("usage")
                .put("prompt_tokens", 5)
                .put("completion_tokens", 5)
                .put("total_tokens", 10);
        return ChatServer.Told.ok(Json.write(answer));
    }

    private void input(String name, int rows) throws IOException {
        var text = new StringBuilder("id,prompt\n");
        for (int i = 0; i < rows; i++) {
            text.append("r").append(i).append(",question ").append(i).append('\n');
        }
        Files.writeString(server.file(name), text);
    }

    private long batch(String body) throws Exception {
        return server.post("/batches", body).path("id").asLong();
    }

    private void await(long batch, String status, int done) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(
                        () -> {
                            var shown = server.get("/batches/" + batch);
                            return shown.path("status").asText().equals(status)
                                    && shown.at("/progress/done").asInt() >= done;
                        });
    }

    @Test
    void a_batch_is_watched_paused_resumed_and_its_failed_rows_are_asked_again() throws Exception {
        input("slow.csv", ROWS);
        long batch = batch("{\"input\":\"slow.csv\",\"model\":\"m\",\"max_concurrency\":4}");
        await(batch, "running", AT_ONCE);
        var page = browser.signedIn(server, server.admin());
        page.navigate(server.url("/console/batches"));
        var row =
                page.locator("tbody tr", new Page.LocatorOptions().setHasText("batch of slow.csv"));
        assertThat(row.first()).containsText("batch of slow.csv");
        assertThat(row.first()).containsText("running");
        assertThat(row.first()).containsText("of 40");
        assertThat(Browser.barriers(page)).isEmpty();

        row.first().locator("a").click();
        assertThat(page.locator("#state")).containsText("running");
        Browser.press(page, "Pause");
        assertThat(page.locator("#state")).containsText("paused");
        assertThat(Browser.barriers(page)).isEmpty();
        Browser.press(page, "Resume");
        assertThat(page.locator("#state")).not().containsText("paused");
        released.countDown();
        assertThat(page.locator("#state")).containsText("succeeded");
        assertThat(page.locator(".figures")).containsText("40 of 40 rows done");
        assertThat(page.locator(".figures .tone-failed")).hasText("1");
        assertThat(page.locator("dl")).containsText("slow.results.csv");

        Browser.press(page, "Ask the failed rows again");
        assertThat(page.locator(".figures .tone-failed")).hasCount(0);
        assertThat(page.locator("#state")).containsText("succeeded");
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void a_batch_is_begun_again_and_what_cannot_be_done_is_refused_in_words() throws Exception {
        input("quick.csv", 5);
        long batch = batch("{\"input\":\"quick.csv\",\"model\":\"echo\",\"name\":\"<b>q</b>\"}");
        await(batch, "succeeded", 5);
        var path = "/batches/" + batch;
        assertThat(admin.page(path))
                .contains("&lt;b&gt;q&lt;/b&gt;", "5 of 5", "$0.00", "Run the whole")
                .doesNotContain("<b>q", "/pause", "/resume", "/cancel", "/retry");
        assertThat(admin.page("/tasks/" + batch)).contains("/console" + path);

        var words =
                Map.of(
                        "/retry", "has no failed rows",
                        "/pause", "No run of the batch goes on.",
                        "/resume", "No run of the batch goes on.",
                        "/cancel", "No run of the batch goes on.");
        for (var doing : words.entrySet()) {
            var answer = admin.press(path + doing.getKey(), Map.of());
            assertThat(answer.statusCode()).as(doing.getKey()).isEqualTo(409);
            assertThat(answer.body()).contains(doing.getValue());
            assertThat(admin.press("/batches/1" + doing.getKey(), Map.of()).statusCode())
                    .isEqualTo(404);
        }
        var before = server.get("/batches/" + batch).path("run_id").asLong();
        assertThat(admin.led(path + "/execute", Map.of())).isEqualTo(path);
        assertThat(server.get("/batches/" + batch).path("run_id").asLong()).isGreaterThan(before);
        await(batch, "succeeded", 5);
    }

    @Test
    void a_batch_that_goes_on_is_cancelled_and_says_by_whom() throws Exception {
        var held = new CountDownLatch(1);
        try (var hanging = new ChatServer(_ -> held(held))) {
            server.post(
                    "/models",
                    "{\"name\":\"hangs\",\"provider\":\"openai\",\"base_url\":\"%s\"}"
                            .formatted(hanging.url()));
            input("late.csv", 5);
            long batch = batch("{\"input\":\"late.csv\",\"model\":\"hangs\"}");
            var path = "/batches/" + batch;
            await(batch, "running", 0);
            assertThat(admin.page(path)).contains(path + "/pause", path + "/cancel");
            var twice = admin.press(path + "/execute", Map.of());
            assertThat(twice.statusCode()).isEqualTo(409);
            assertThat(twice.body()).contains("The batch goes on already.");
            var awake = admin.press(path + "/resume", Map.of());
            assertThat(awake.statusCode()).isEqualTo(409);
            assertThat(awake.body()).contains("The batch is not paused.");

            assertThat(admin.led(path + "/cancel", Map.of())).isEqualTo(path);

            assertThat(admin.page(path))
                    .contains("cancelled by admin", "Run the whole")
                    .doesNotContain(path + "/cancel");
        } finally {
            held.countDown();
        }
    }

    private static ChatServer.Told held(CountDownLatch until) {
        try {
            until.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return new ChatServer.Told(400, Map.of(), "{}");
    }

    @Test
    void a_batch_that_has_not_begun_is_pending_and_what_is_no_batch_is_not_found()
            throws Exception {
        input("later.csv", 5);
        long batch = batch("{\"input\":\"later.csv\",\"model\":\"echo\",\"start\":false}");
        var path = "/batches/" + batch;
        assertThat(admin.page(path))
                .contains("pending", "Run the whole")
                .doesNotContain(path + "/cancel");
        assertThat(admin.page("/batches")).contains("batch of later.csv", "pending");
        assertThat(admin.page("/batches?before=" + batch))
                .contains("To the newest")
                .doesNotContain("later.csv");
        assertThat(admin.page("/batches?before=1")).contains("There are no batches");
        assertThat(admin.status("/batches/1")).isEqualTo(404);
        var task = server.post("/tasks", "{\"name\":\"none\",\"action\":{\"nothing\":{}}}");
        assertThat(admin.status("/batches/" + task.path("id"))).isEqualTo(404);
    }

    @Test
    void who_may_only_look_finds_no_buttons_and_other_sites_neither() throws Exception {
        input("watched.csv", 1);
        long batch = batch("{\"input\":\"watched.csv\",\"model\":\"echo\",\"start\":false}");
        var viewer = new Pressing(server, server.key("onlooker", "viewer").path("key").asText());
        var path = "/batches/" + batch;
        assertThat(viewer.page(path)).contains("watched.csv").doesNotContain(path + "/execute");
        for (var doing : List.of("/execute", "/retry", "/pause", "/resume", "/cancel")) {
            assertThat(viewer.press(path + doing, Map.of()).statusCode()).isEqualTo(403);
            assertThat(admin.pressFromElsewhere(path + doing)).isEqualTo(403);
        }
    }
}
