package carillon.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Steps of workflows, in a real browser.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(600)
final class StepPagesTest {
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

    /// Starts a workflow that asks before it goes on; returns its run.
    private long begin() throws Exception {
        var task =
                server.post(
                                "/tasks",
                                """
                                {"name":"asks first","action":{"workflow":{"shape":"linear",
                                 "steps":[
                                  {"name":"ask","order":1,
                                   "action":{"approval":{"question":"Shall we <b>go</b>?"}}},
                                  {"name":"go","order":2,"action":{"nothing":{}}}]}}}
                                """)
                        .path("id")
                        .asLong();
        return server.post("/tasks/" + task + "/execute", "").path("id").asLong();
    }

    private Page at(long run, String key) {
        var page = browser.signedIn(server, key);
        page.navigate(server.url("/console/runs/" + run));
        return page;
    }

    @Test
    void a_person_approves_and_the_workflow_goes_on_to_its_end() throws Exception {
        var run = begin();
        var page = at(run, server.admin());
        var steps = page.locator("section[aria-labelledby=steps] tbody tr");
        assertThat(steps).hasCount(1);
        assertThat(steps.first()).containsText("waits for an approval");

        steps.first().locator("a").click();
        assertThat(page.locator("section[aria-labelledby=question]"))
                .containsText("Shall we <b>go</b>?");
        assertThat(Browser.barriers(page)).isEmpty();
        page.getByLabel("Comment").fill("why not");
        Browser.press(page, "Approve");

        assertThat(page.locator("#state")).containsText("approved by admin: why not");
        assertThat(page.locator("#replay")).hasCount(0); // No step is done again by itself.
        page.navigate(server.url("/console/runs/" + run));
        assertThat(page.locator("#state")).containsText("SUCCEEDED");
        assertThat(steps).hasCount(2);
        assertThat(steps.nth(1)).containsText("go");
        page.navigate(server.url("/console/runs/" + run + "/steps"));
        assertThat(page.locator("tbody tr")).hasCount(2);
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void a_person_rejects_and_what_waits_for_nobody_takes_no_decision() throws Exception {
        var run = begin();
        var page = at(run, server.admin());
        page.locator("section[aria-labelledby=steps] tbody a").click();

        Browser.press(page, "Reject");

        assertThat(page.locator("#state")).containsText("FAILED rejected by admin");
        page.navigate(server.url("/console/runs/" + run));
        assertThat(page.locator("#state")).containsText("FAILED");
        var cookie = server.cookie(server.admin());
        for (var decision : new String[] {"/approve", "/reject"}) {
            assertThat(post("/runs/" + run + decision, cookie)).isEqualTo(409);
            assertThat(post("/runs/1" + decision, cookie)).isEqualTo(404);
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
    void who_may_only_look_is_not_asked() throws Exception {
        var run = begin();
        var page = at(run, server.key("onlooker", "viewer").path("key").asText());

        page.locator("section[aria-labelledby=steps] tbody a").click();

        assertThat(page.locator("#state")).containsText("waits for an approval");
        assertThat(page.locator("section[aria-labelledby=question]")).hasCount(0);
    }
}
