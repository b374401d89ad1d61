package carillon.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Writing tasks, in a real browser.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(600)
final class EditorPagesTest {
    private static final Pattern TASK = Pattern.compile(".*/console/tasks/([0-9]+)");

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

    private Page at(String path) {
        var page = browser.signedIn(server, server.admin());
        page.navigate(server.url("/console" + path));
        return page;
    }

    private long task(String body) throws Exception {
        return server.post("/tasks", body).path("id").asLong();
    }

    private static Locator definition(Page page) {
        return page.getByLabel("Definition, as");
    }

    private static Locator preview(Page page) {
        return page.locator("#preview");
    }

    @Test
    void a_new_task_is_previewed_while_it_is_written_and_then_made() throws Exception {
        var page = at("/tasks");
        page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("New task")).click();
        assertThat(preview(page).locator("li")).hasCount(8); // The example's fire times.

        definition(page)
                .fill(
                        """
                        {"name":"written here","action":{"nothing":{}},
                         "schedule":{"cron":"30 1 * * *","timezone":"Europe/London"}}
                        """);
        assertThat(preview(page).locator("li").first()).containsText("01:30:00");
        Browser.press(page, "Save");

        page.waitForURL(TASK);
        assertThat(page.locator("h1")).hasText("written here");
        var found = server.get("/tasks?q=written").path("data").path(0);
        assertThat(found.path("schedule").path("timezone").asText()).isEqualTo("Europe/London");
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void what_is_wrong_is_said_field_by_field_and_nothing_that_was_written_is_lost() {
        var page = at("/tasks/new");
        var wrong =
                """
                {"name":"","action":{"nothing":{}},"schedule":{"cron":"61 * * * *"},
                 "odd":"</textarea>"}
                """;

        definition(page).fill(wrong);
        assertThat(preview(page)).containsText("schedule.cron");
        Browser.press(page, "Save");

        assertThat(page.getByRole(AriaRole.ALERT)).containsText("name:");
        assertThat(page.getByRole(AriaRole.ALERT)).containsText("schedule.cron:");
        assertThat(page.getByRole(AriaRole.ALERT)).containsText("odd:");
        assertThat(definition(page)).hasValue(wrong);
        definition(page).fill("not JSON");
        assertThat(preview(page).locator("li")).hasCount(1);
    }

    @Test
    void an_edit_makes_a_version_keeps_secrets_and_is_rolled_back() throws Exception {
        var id =
                task(
                        """
                        {"name":"before","action":{"http":{"url":"http://127.0.0.1:9/","headers":
                          {"Authorization":"Bearer canary-77ab"}}}}
                        """);
        var page = at("/tasks/" + id + "/edit");
        var text = definition(page).inputValue();
        assertThat(text).contains("***").doesNotContain("canary-77ab");

        definition(page).fill(text.replace("before", "after"));
        Browser.press(page, "Save");

        page.waitForURL(TASK);
        assertThat(page.locator("h1")).hasText("after");
        assertThat(server.get("/tasks/" + id).path("version").asInt()).isEqualTo(2);
        page.navigate(server.url("/console/tasks/" + id + "/versions/1"));
        Browser.press(page, "Roll back to this version");
        assertThat(page.locator("h1")).hasText("before");
        assertThat(server.get("/tasks/" + id).path("version").asInt()).isEqualTo(3);
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void a_change_that_somebody_else_has_made_meanwhile_is_not_lost() throws Exception {
        var id = task("{\"name\":\"contested\",\"action\":{\"nothing\":{}}}");
        var page = at("/tasks/" + id + "/edit");
        server.send(
                server.request("/api/v1/tasks/" + id)
                        .header("Authorization", "Bearer " + server.admin())
                        .PUT(
                                HttpRequest.BodyPublishers.ofString(
                                        "{\"name\":\"theirs\",\"action\":{\"nothing\":{}}}")));

        definition(page).fill("{\"name\":\"mine\",\"action\":{\"nothing\":{}}}");
        Browser.press(page, "Save");

        assertThat(page.getByRole(AriaRole.ALERT)).containsText("at version 2 now");
        assertThat(server.get("/tasks/" + id).path("name").asText()).isEqualTo("theirs");
        Browser.press(page, "Save");
        page.waitForURL(TASK);
        assertThat(server.get("/tasks/" + id).path("name").asText()).isEqualTo("mine");
    }

    @Test
    void a_task_is_deleted_after_a_second_look() throws Exception {
        var id = task("{\"name\":\"unwanted\",\"action\":{\"nothing\":{}}}");
        var page = at("/tasks/" + id);
        var button = page.getByText("Delete for good");
        assertThat(button).isHidden();

        page.getByText("Delete this task").click();
        button.click();

        page.waitForURL(server.url("/console/tasks"));
        assertThat(server.get("/tasks/" + id).path("status").asInt()).isEqualTo(404);
    }

    @Test
    void who_may_only_run_tasks_may_try_but_not_save() throws Exception {
        var id = task("{\"name\":\"kept\",\"action\":{\"nothing\":{}}}");
        var key = server.key("runner", "operator").path("key").asText();
        var page = browser.signedIn(server, key);

        page.navigate(server.url("/console/tasks/" + id));
        assertThat(page.getByText("Delete this task")).hasCount(0);
        page.navigate(server.url("/console/tasks/" + id + "/edit"));
        assertThat(preview(page)).containsText("It runs when it is asked to.");
        assertThat(page.getByText("Save", new Page.GetByTextOptions().setExact(true))).hasCount(0);
        var cookie = server.cookie(key);
        for (var path :
                new String[] {"", "/" + id, "/" + id + "/delete", "/" + id + "/rollback/1"}) {
            var answer =
                    server.send(
                            server.request("/console/tasks" + path)
                                    .header("Cookie", cookie)
                                    .header("Origin", server.url(""))
                                    .POST(HttpRequest.BodyPublishers.noBody()));
            assertThat(answer.statusCode()).as(path).isEqualTo(403);
        }
    }
}
