package carillon.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Path;
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
        paths =
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
                        "/audit/verify");
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
