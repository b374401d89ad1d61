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

/// Keys and the audit log, in a real browser.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(600)
final class AdministratorPagesTest {
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

    private static void make(Page page, String name, String role) {
        page.getByLabel("Name").fill(name);
        page.getByLabel("Role").selectOption(role);
        Browser.press(page, "Make");
    }

    private int tasks(String key) throws Exception {
        return server.send(server.request("/api/v1/tasks").header("Authorization", "Bearer " + key))
                .statusCode();
    }

    @Test
    void a_key_is_made_shown_once_used_and_revoked() throws Exception {
        var page = at("/keys");
        page.getByLabel("native").check();
        page.getByLabel("Days").fill("30");
        make(page, "made in the browser", "viewer");

        var key = page.locator("section[aria-labelledby=fresh] pre").textContent();
        assertThat(tasks(key)).isEqualTo(200);
        var row = page.locator("tbody tr");
        assertThat(row).containsText("made in the browser");
        assertThat(row).containsText("native");
        assertThat(row).not().containsText("never");
        page.navigate(server.url("/console/keys"));
        assertThat(page.content()).doesNotContain(key);

        page.locator("summary").click();
        Browser.press(page, "Revoke for good");

        assertThat(page.locator("tbody tr")).hasCount(0);
        assertThat(tasks(key)).isEqualTo(401);
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void a_name_that_is_taken_is_refused_in_words() throws Exception {
        server.key("taken", "viewer");
        var page = at("/keys");

        make(page, "taken", "admin");

        assertThat(page.getByRole(AriaRole.ALERT)).hasText("There is a key with this name.");
        assertThat(page.locator("section[aria-labelledby=fresh]")).hasCount(0);
        for (var row : server.get("/keys").path("data")) {
            server.send(
                    server.request("/api/v1/keys/" + row.path("id").asLong())
                            .header("Authorization", "Bearer " + server.admin())
                            .DELETE());
        }
    }

    @Test
    void changes_are_in_the_log_and_its_chain_is_verified() throws Exception {
        server.post("/tasks", "{\"name\":\"noticed\",\"action\":{\"nothing\":{}}}");
        var page = at("/audit");
        assertThat(page.locator("tbody")).containsText("task.create");
        assertThat(page.locator("tbody")).containsText("noticed");

        page.getByText("Verify the chain").click();

        assertThat(page.getByRole(AriaRole.STATUS)).containsText("entries follow one another");
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void who_is_no_administrator_sees_neither() throws Exception {
        var key = server.key("editor", "editor");
        var page = browser.signedIn(server, key.path("key").asText());

        assertThat(page.locator("nav")).containsText("Tasks");
        assertThat(page.locator("nav")).not().containsText("Keys");
        assertThat(page.locator("nav")).not().containsText("Audit");
        var cookie = server.cookie(key.path("key").asText());
        for (var path : new String[] {"/keys", "/audit", "/audit/verify"}) {
            var answer = server.send(server.request("/console" + path).header("Cookie", cookie));
            assertThat(answer.statusCode()).as(path).isEqualTo(403);
        }
        server.send(
                server.request("/api/v1/keys/" + key.path("id").asLong())
                        .header("Authorization", "Bearer " + server.admin())
                        .DELETE());
    }
}
