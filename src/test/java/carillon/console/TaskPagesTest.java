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

/// The pages of tasks and of their runs, in a real browser.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(600)
final class TaskPagesTest {
    private static final Pattern RUN = Pattern.compile(".*/console/runs/[0-9]+");

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

    private long task(String body) throws Exception {
        return server.post("/tasks", body).path("id").asLong();
    }

    private long nothing(String name) throws Exception {
        return task("{\"name\":\"%s\",\"action\":{\"nothing\":{}}}".formatted(name));
    }

    private Page signedIn() {
        return browser.signedIn(server, server.admin());
    }

    private Page at(String path) {
        var page = signedIn();
        page.navigate(server.url("/console" + path));
        return page;
    }

    private static Locator section(Page page, String heading) {
        return page.getByRole(
                AriaRole.REGION, new Page.GetByRoleOptions().setName(heading).setExact(true));
    }

    private static void follow(Page page, String link) {
        page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName(link).setExact(true))
                .first()
                .click();
    }

    @Test
    void a_search_finds_while_it_is_typed_and_its_address_can_be_kept() throws Exception {
        nothing("search: needle");
        nothing("search: straw");
        var page = at("/tasks");

        page.getByLabel("Name or description").fill("NEEDLE");

        assertThat(page.locator("#found tbody tr")).hasCount(1);
        assertThat(page.locator("#found")).containsText("search: needle");
        page.waitForURL(Pattern.compile(".*q=NEEDLE"));
        page.reload();
        assertThat(page.locator("#found tbody tr")).hasCount(1);
        assertThat(page.getByLabel("Name or description")).hasValue("NEEDLE");
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void long_lists_are_read_part_by_part() throws Exception {
        for (int i = 0; i < 30; i++) {
            nothing("paged " + i);
        }
        var page = at("/tasks?q=paged");
        assertThat(page.locator("#found tbody tr")).hasCount(25);

        follow(page, "Older");

        assertThat(page.locator("#found tbody tr")).hasCount(5);
        assertThat(page.locator("#found")).containsText("paged 0");
    }

    @Test
    void a_task_is_run_from_its_page_and_its_run_is_followed_to_its_end() throws Exception {
        var id = nothing("runs when asked");
        var page = at("/tasks/" + id);
        assertThat(section(page, "Newest runs")).containsText("It has not run yet.");

        Browser.press(page, "Run now");

        page.waitForURL(RUN);
        assertThat(page.locator("#state")).containsText("SUCCEEDED");
        assertThat(section(page, "Attempts")).containsText("SUCCEEDED");
        follow(page, "runs when asked, version 1");
        assertThat(section(page, "Newest runs").locator("tbody tr")).hasCount(1);
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void a_task_is_paused_and_resumed_from_its_page() throws Exception {
        var id =
                task(
                        """
                        {"name":"pausable","schedule":{"every":"1h"},"action":{"nothing":{}}}
                        """);
        var page = at("/tasks/" + id);

        Browser.press(page, "Pause");
        assertThat(page.locator("dl")).containsText("paused");
        assertThat(server.get("/tasks/" + id).path("paused").asBoolean()).isTrue();

        Browser.press(page, "Resume");
        assertThat(page.locator("dl")).not().containsText("paused");
        assertThat(server.get("/tasks/" + id).path("paused").asBoolean()).isFalse();
    }

    @Test
    void every_fire_time_is_there_with_what_became_of_it_and_the_balance_adds_up()
            throws Exception {
        var id =
                task(
                        """
                        {"name":"each second","schedule":{"every":"1s"},"action":{"nothing":{}}}
                        """);
        var page = at("/tasks/" + id);
        // The page comes to show them by itself, the newest first.
        var third = section(page, "Newest runs").locator("tbody tr").nth(2);
        assertThat(third).containsText("SUCCEEDED");

        server.post("/tasks/" + id + "/pause", "");
        follow(page, "What became of each");

        assertThat(page.locator("tbody tr").first()).containsText("SUCCEEDED");
        assertThat(page.locator(".sum"))
                .hasText(Pattern.compile("[0-9]+ expected = [0-9]+ succeeded \\+ .* open"));
        assertThat(page.getByRole(AriaRole.ALERT)).hasCount(0);
        page.getByLabel("Before (UTC)").fill("2020-01-01T00:00");
        page.getByLabel("From (UTC)").fill("2019-01-01T00:00");
        Browser.press(page, "Show");
        assertThat(page.locator(".sum")).containsText("0 expected");
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void secrets_are_not_on_the_page_and_versions_are_kept_apart() throws Exception {
        var body =
                """
                {"name":"secretive %d","action":{"http":{"url":"https://example.com/","headers":
                  {"Authorization":"Bearer canary-5d1f"}}}}
                """;
        var id = task(body.formatted(1));
        server.send(
                server.request("/api/v1/tasks/" + id)
                        .header("Authorization", "Bearer " + server.admin())
                        .PUT(HttpRequest.BodyPublishers.ofString(body.formatted(2))));
        var page = at("/tasks/" + id);

        assertThat(page.locator("pre")).containsText("https://example.com/");
        assertThat(page.content()).contains("secretive 2").doesNotContain("canary-5d1f");
        follow(page, "1");

        assertThat(page.locator("pre")).containsText("secretive 1");
        assertThat(page.content()).doesNotContain("canary-5d1f");
    }

    @Test
    void what_does_not_exist_is_said_so() throws Exception {
        var cookie = server.cookie(server.admin());
        for (var path :
                new String[] {
                    "/tasks/1",
                    "/tasks/0",
                    "/tasks/x",
                    "/tasks/99999999999999999999",
                    "/tasks/1/live",
                    "/tasks/1/slots",
                    "/tasks/1/versions/1",
                    "/runs/1",
                    "/runs/x",
                    "/runs/1/live",
                    "/nowhere"
                }) {
            var answer = server.send(server.request("/console" + path).header("Cookie", cookie));
            assertThat(answer.statusCode()).as(path).isEqualTo(404);
            assertThat(answer.headers().firstValue("Content-Type").orElse(""))
                    .startsWith("text/html");
        }
    }

    @Test
    void filters_that_make_no_sense_are_left_out() throws Exception {
        var cookie = server.cookie(server.admin());
        var id = nothing("odd filters");
        for (var path :
                new String[] {
                    "/tasks?before=x&q=%00",
                    "/tasks?q=" + "y".repeat(5_000),
                    "/runs?state=NONSENSE&task=-1&before=99999999999999999999",
                    "/tasks/" + id + "/slots?from=yesterday&to=%F0%9F%94%94&after=-4",
                    "/tasks/" + id + "/slots?from=9999-12-31T23:59:59&to=1970-01-01T00:00:00"
                }) {
            var answer = server.send(server.request("/console" + path).header("Cookie", cookie));
            assertThat(answer.statusCode()).as(path).isEqualTo(200);
        }
    }
}
