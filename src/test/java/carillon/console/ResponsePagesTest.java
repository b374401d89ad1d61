package carillon.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What models have said, in a real browser; the model repeats what it is asked.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(600)
final class ResponsePagesTest {
    private static final String HOSTILE = "<script>document.title=1</script> ignoramus";

    private ConsoleServer server;
    private Browser browser;
    private long run;

    @BeforeAll
    void start(@TempDir Path folder, @TempDir Path notes) throws Exception {
        browser = Browser.open(notes);
        server = new ConsoleServer(folder);
        ask("harmless", "What is a carillon?");
        run = ask("hostile", HOSTILE);
    }

    private long ask(String name, String text) throws Exception {
        var task =
                server.post(
                                "/tasks",
                                """
                                {"name":"%s","action":{"prompt":{"model":"echo","text":"%s"}},
                                 "processors":[{"type":"console","config":{}}]}
                                """
                                        .formatted(name, text))
                        .path("id")
                        .asLong();
        return server.post("/tasks/" + task + "/execute?wait=20s", "").path("id").asLong();
    }

    @AfterAll
    void stop() {
        browser.close();
        server.close();
    }

    @Test
    void responses_are_found_by_their_words_and_read_as_text() {
        var page = browser.signedIn(server, server.admin());
        page.navigate(server.url("/console/responses"));
        assertThat(page.locator("tbody tr")).hasCount(2);

        page.getByLabel("Words").fill("IGNORAMUS");
        Browser.press(page, "Search");
        assertThat(page.locator("tbody tr")).hasCount(1);
        page.locator("tbody tr a").first().click();

        assertThat(page.locator("pre")).containsText(HOSTILE);
        assertThat(page.locator("dl")).containsText("echo");
        assertThat(page.title()).startsWith("Response ");
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void a_run_leads_to_what_the_model_said_and_tells_where_it_was_brought() {
        var page = browser.signedIn(server, server.admin());
        page.navigate(server.url("/console/runs/" + run));

        assertThat(page.locator("section[aria-labelledby=deliveries]")).containsText("DELIVERED");
        page.locator("dl a").last().click();

        assertThat(page.locator("pre")).containsText(HOSTILE);
    }

    @Test
    void the_root_leads_to_the_console() throws Exception {
        var answer = server.send(server.request("/"));

        assertThat(answer.statusCode()).isEqualTo(303);
        assertThat(answer.headers().firstValue("Location")).hasValue("/console");
    }
}
