package carillon.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Signing in and the first page, in a real browser.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(600)
final class OverviewPageTest {
    private ConsoleServer server;
    private Browser browser;

    @BeforeAll
    void start(@TempDir Path folder, @TempDir Path notes) throws Exception {
        browser = Browser.open(notes);
        server = new ConsoleServer(folder);
    }

    @AfterAll
    void stop() {
        browser.close();
        server.close();
    }

    private Page signedIn() {
        return browser.signedIn(server, server.admin());
    }

    @Test
    void who_signs_in_sees_what_comes_next_and_the_nodes_and_the_browser_complains_of_nothing()
            throws Exception {
        server.post(
                "/tasks",
                """
                {"name":"every hour","schedule":{"every":"1h"},"action":{"nothing":{}}}
                """);

        var page = signedIn();

        assertThat(page.getByRole(AriaRole.HEADING).first()).hasText("Overview");
        assertThat(page.locator("section", named("Next runs"))).containsText("every hour");
        assertThat(page.locator("section", named("Cluster"))).containsText("node-1");
        assertThat(page.locator(".chart canvas")).isVisible();
        assertThat(browser.complaints()).isEmpty();
    }

    private static Page.LocatorOptions named(String heading) {
        return new Page.LocatorOptions().setHasText(heading);
    }

    @Test
    void what_fails_is_there_without_a_new_page_and_its_name_is_no_script() throws Exception {
        var page = signedIn();
        var name = "<img src=x onerror=document.title='taken'><script>document.title=1</script>";
        assertThat(page.locator("section", named("Newest failures"))).not().containsText(name);
        var id =
                server.post(
                                "/tasks",
                                """
                                {"name":"%s","action":{"http":{"url":"http://127.0.0.1:9/"}}}
                                """
                                        .formatted(name))
                        .path("id")
                        .asLong();

        server.post("/tasks/" + id + "/execute?wait=20s", "");

        assertThat(page.locator("section", named("Newest failures"))).containsText(name);
        assertThat(page.locator(".chart canvas")).isVisible(); // Drawn again.
        assertThat(page.title()).isEqualTo("Overview · Carillon");
        assertThat(browser.complaints()).isEmpty();
    }

    /// Browsers open few connections to one server, and pages in the background would take them
    /// all.
    @Test
    void a_page_that_nobody_sees_gives_its_stream_back_and_is_made_anew_when_it_is_looked_at()
            throws Exception {
        var page = signedIn();
        assertThat(page.locator("#live")).hasAttribute("sse-connect", "/console/live");
        look(page, "hidden");
        server.post(
                "/tasks",
                """
                {"name":"made meanwhile","schedule":{"every":"1h"},"action":{"nothing":{}}}
                """);

        page.evaluate("window.isOld = true");
        look(page, "visible");

        page.waitForFunction("() => !window.isOld");

        assertThat(page.locator("#live")).containsText("made meanwhile");
        assertThat(browser.complaints()).isEmpty();
    }

    private static void look(Page page, String visibility) {
        page.evaluate(
                "state => { Object.defineProperty(document, 'visibilityState', {value: state,"
                        + " configurable: true});"
                        + " document.dispatchEvent(new Event('visibilitychange')); }",
                visibility);
    }

    @Test
    void who_signs_out_is_asked_for_a_key_again() {
        var page = signedIn();

        Browser.press(page, "Sign out");
        page.waitForURL(server.url("/console/sign-in"));
        page.navigate(server.url("/console"));

        assertThat(page.getByLabel("API key")).isVisible();
    }
}
