package carillon.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Whether people can use the pages: with a keyboard, a screen reader, at night, on a telephone.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(600)
final class ReachTest {
    private ConsoleServer server;
    private Browser browser;
    private List<String> paths;

    @BeforeAll
    void start(@TempDir Path folder, @TempDir Path notes) throws Exception {
        browser = Browser.open(notes);
        server = new ConsoleServer(folder);
        var asks =
                """
                {"name":"asks","schedule":{"every":"1h"},
                 "action":{"prompt":{"model":"echo","text":"What is a carillon?"}},
                 "processors":[{"type":"console","config":{}}]}
                """;
        server.key("somebody", "viewer");
        var task = server.post("/tasks", asks).path("id").asLong();
        var run = server.post("/tasks/" + task + "/execute?wait=20s", "").path("id").asLong();
        var response = server.get("/responses").path("data").path(0).path("id").asLong();
        paths = new ArrayList<>(besides());
        paths.addAll(
                List.of(
                        "",
                        "/tasks",
                        "/tasks/" + task,
                        "/tasks/" + task + "/slots",
                        "/tasks/new",
                        "/tasks/" + task + "/edit",
                        "/tasks/" + task + "/versions/1",
                        "/runs",
                        "/runs/" + run,
                        "/responses",
                        "/responses/" + response,
                        "/keys",
                        "/audit",
                        "/audit/verify"));
    }

    /// The pages of what there is beside tasks and runs, none of them empty.
    private List<String> besides() throws Exception {
        var agent =
                server.post(
                        "/agents",
                        """
                        {"name":"ann","role":"Finder","goal":"Find","model":"echo",
                         "tools":["http_get","a_tool_with_a_name_that_is_longer_than_most_are"]}
                        """);
        var works =
                server.post(
                        "/tasks",
                        """
                        {"name":"works","action":{"workflow":{"shape":"linear","steps":[
                          {"name":"find","order":1,
                           "action":{"agent":{"agent":"ann","text":"What is a carillon?"}}}]}}}
                        """);
        var whole = server.post("/tasks/" + works.path("id") + "/execute?wait=20s", "");
        var found = server.get("/runs/" + whole.path("id") + "/steps").at("/data/0/id");
        Files.writeString(server.file("in.csv"), "id,prompt\na,Hello\nb,Well?\n");
        var batch = server.post("/batches", "{\"input\":\"in.csv\",\"model\":\"echo\"}");
        server.post("/budgets", "{\"scope\":\"installation\",\"limit\":5,\"period\":\"day\"}");
        server.post("/models", "{\"name\":\"m\",\"provider\":\"openai\",\"api_key\":\"k\"}");
        var webhook =
                server.post(
                        "/webhooks",
                        "{\"url\":\"%s\",\"events\":[\"task.completed\",\"task.failed\"]}"
                                .formatted(server.url("/a/place/that/has/no/room/for/this")));
        var at = "/webhooks/" + webhook.path("id");
        var delivery = server.post(at + "/test", "");
        return List.of(
                "/agents",
                "/agents/new",
                "/agents/" + agent.path("id"),
                "/agents/" + agent.path("id") + "/edit",
                "/runs/" + found,
                "/runs/" + found + "/transcript",
                "/tasks/" + works.path("id"),
                "/tasks/" + works.path("id") + "/execute",
                "/batches",
                "/batches/" + batch.path("id"),
                "/webhooks",
                at,
                at + "/deliveries/" + delivery.path("id"),
                "/models",
                "/budgets");
    }

    @AfterAll
    void stop() {
        browser.close();
        server.close();
    }

    @Test
    void no_page_has_a_barrier_by_day_or_by_night() throws Exception {
        var page = browser.window();
        page.navigate(server.url("/console/sign-in"));
        assertThat(Browser.barriers(page)).isEmpty();
        page = browser.signedIn(server, server.admin());

        for (var scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
            for (var path : paths) {
                page.navigate(server.url("/console" + path));
                assertThat(page.locator("h1")).isVisible();
                assertThat(Browser.barriers(page)).as(scheme + " " + path).isEmpty();
            }
        }
        assertThat(browser.complaints()).isEmpty();
    }

    /// Or the test above would pass on anything.
    @Test
    void a_barrier_is_found() throws Exception {
        var page = browser.window();
        page.setContent("<html lang=en><title>x</title><main><h1>x</h1><input></main>");

        assertThat(Browser.barriers(page).toString()).contains("label");
    }

    @Test
    void no_page_is_wider_than_a_telephone() {
        var page = browser.signedIn(server, server.admin());
        page.setViewportSize(360, 740);

        for (var path : paths) {
            page.navigate(server.url("/console" + path));
            assertThat(page.locator("h1")).isVisible();
            assertThat(page.evaluate("document.documentElement.scrollWidth"))
                    .as(path)
                    .isEqualTo(360);
        }
    }
}
