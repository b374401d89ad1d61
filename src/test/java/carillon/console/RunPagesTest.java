package carillon.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The pages of runs, in a real browser, with a target that answers scripts, or late.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(600)
final class RunPagesTest {
    private static final Pattern RUN = Pattern.compile(".*/console/runs/[0-9]+");
    private static final String HOSTILE =
            "</pre><script>document.title='taken'</script><img src=x onerror=document.title='x'>";

    private final CountDownLatch released = new CountDownLatch(1);
    private HttpServer target;
    private ConsoleServer server;
    private Browser browser;

    @BeforeAll
    void start(@TempDir Path folder, @TempDir Path notes) throws Exception {
        browser = Browser.open(notes);
        server = new ConsoleServer(folder);
        target = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
        target.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        target.createContext("/hostile", exchange -> answer(exchange, HOSTILE));
        target.createContext("/late", this::answerLate);
        target.start();
    }

    private void answerLate(HttpExchange exchange) throws IOException {
        try {
            released.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        answer(exchange, "late");
    }

    private static void answer(HttpExchange exchange, String body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "text/html");
        exchange.sendResponseHeaders(200, body.length());
        try (var out = exchange.getResponseBody()) {
            out.write(body.getBytes(UTF_8));
        }
    }

    @AfterAll
    void stop() {
        released.countDown();
        browser.close();
        server.close();
        target.stop(0);
    }

    private long task(String name, String path) throws Exception {
        var url = "http://127.0.0.1:" + target.getAddress().getPort() + path;
        var body = "{\"name\":\"%s\",\"action\":{\"http\":{\"url\":\"%s\"}}}".formatted(name, url);
        return server.post("/tasks", body).path("id").asLong();
    }

    private Page at(String path) {
        var page = browser.signedIn(server, server.admin());
        page.navigate(server.url("/console" + path));
        return page;
    }

    @Test
    void what_a_target_answers_is_shown_and_never_run() throws Exception {
        var id = task("hostile", "/hostile");
        var run = server.post("/tasks/" + id + "/execute?wait=20s", "").path("id").asLong();

        var page = at("/runs/" + run);

        assertThat(page.locator("pre")).hasText(HOSTILE);
        assertThat(page.locator("#state")).containsText("SUCCEEDED");
        assertThat(page.title()).isEqualTo("Run " + run + " · Carillon");
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void a_run_that_hangs_is_cancelled_from_its_page_and_run_again() throws Exception {
        var id = task("late", "/late");
        var run = server.post("/tasks/" + id + "/execute", "").path("id").asLong();
        var page = at("/runs/" + run);
        assertThat(page.locator("#state")).containsText("RUNNING");

        Browser.press(page, "Cancel");

        assertThat(page.locator("#state")).containsText("CANCELLED cancelled by admin");
        Browser.press(page, "Run again");
        page.waitForURL(RUN);
        assertThat(page.locator("dl")).containsText("REPLAY");
        assertThat(page.locator("dl")).containsText("run " + run);
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void runs_are_chosen_by_their_state_and_the_list_grows_by_itself() throws Exception {
        var id = task("chosen", "/nowhere");
        var page = at("/runs?task=" + id);
        assertThat(page.locator("#live")).containsText("There are no such runs.");

        server.post("/tasks/" + id + "/execute?wait=20s", "");
        assertThat(page.locator("tbody tr")).hasCount(1);

        page.getByLabel("State").selectOption("SUCCEEDED");
        Browser.press(page, "Show");
        assertThat(page.locator("#live")).containsText("There are no such runs.");
        page.getByLabel("State").selectOption("FAILED");
        Browser.press(page, "Show");
        assertThat(page.locator("tbody tr")).hasCount(1);
        assertThat(page).hasURL(Pattern.compile(".*task=" + id + ".*"));
    }

    @Test
    void who_may_only_look_finds_no_buttons_and_is_refused_without_them() throws Exception {
        var key = server.key("onlooker", "viewer").path("key").asText();
        var id = task("looked at", "/hostile");
        var run = server.post("/tasks/" + id + "/execute?wait=20s", "").path("id").asLong();
        var page = browser.signedIn(server, key);

        for (var path : new String[] {"/tasks/" + id, "/runs/" + run}) {
            page.navigate(server.url("/console" + path));
            assertThat(page.locator("main button")).hasCount(0);
        }
        var cookie = server.cookie(key);
        for (var path :
                new String[] {
                    "/tasks/" + id + "/execute",
                    "/tasks/" + id + "/pause",
                    "/tasks/" + id + "/resume",
                    "/runs/" + run + "/cancel",
                    "/runs/" + run + "/replay"
                }) {
            assertThat(post(path, cookie)).as(path).isEqualTo(403);
        }
    }

    private int post(String path, String cookie) throws Exception {
        return server.send(
                        server.request("/console" + path)
                                .header("Cookie", cookie)
                                .header("Origin", server.url(""))
                                .POST(HttpRequest.BodyPublishers.noBody()))
                .statusCode();
    }

    @Test
    void a_page_says_when_it_is_no_longer_kept_true() throws Exception {
        var key = server.key("leaving", "viewer");
        var page = browser.signedIn(server, key.path("key").asText());
        assertThat(page.getByRole(AriaRole.STATUS)).hasCount(0);

        server.send(
                server.request("/api/v1/keys/" + key.path("id").asLong())
                        .header("Authorization", "Bearer " + server.admin())
                        .DELETE());

        assertThat(page.getByRole(AriaRole.STATUS)).containsText("no longer kept true");
    }
}
