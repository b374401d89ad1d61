package carillon.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The editors of webhooks, models and budgets.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(600)
final class DefinitionPagesTest {
    private static final String WEBHOOK =
            """
            {"url":"https://hooks.example/in?token=of-mine","description":"for <b>tests</b>",
             "events":["task.completed"]}
            """;
    private static final String MODEL =
            """
            {"name":"written","provider":"openai","model":"gpt-x","api_key":"sk-of-mine",
             "base_url":"https://models.example/v1","prices":{"input":1,"output":2}}
            """;
    private static final String BUDGET =
            """
            {"scope":"tag","name":"blue","limit":12.5,"period":"day","on_exhausted":"wait"}
            """;

    private ConsoleServer server;
    private Browser browser;
    private Pressing admin;

    @BeforeAll
    void start(@TempDir Path folder, @TempDir Path notes) throws Exception {
        browser = Browser.open(notes);
        server = new ConsoleServer(folder);
        admin = new Pressing(server, server.admin());
    }

    @AfterAll
    void stop() {
        browser.close();
        server.close();
    }

    private static void save(Page page, String definition) {
        page.fill("#definition", definition);
        page.locator("button[type=submit]").getByText("Save").click();
    }

    private static void delete(Page page) {
        page.locator("summary").getByText("Delete").click();
        page.getByText("Delete for good").click();
    }

    @Test
    void a_webhook_is_written_its_secret_is_shown_once_and_it_is_changed_and_deleted()
            throws Exception {
        var page = browser.signedIn(server, server.admin());
        page.navigate(server.url("/console/webhooks"));
        page.getByText("New webhook").click();
        assertThat(page.locator("#definition")).hasValue(Pattern.compile("events"));
        assertThat(Browser.barriers(page)).isEmpty();
        save(page, WEBHOOK);
        assertThat(page.locator("h2")).hasText("Its secret");
        var secret = page.locator("pre").textContent();
        assertThat(secret).startsWith("whsec_");
        assertThat(Browser.barriers(page)).isEmpty();

        page.getByText("To the webhook").click();
        assertThat(page.locator("h1")).hasText("Webhook https://hooks.example/in");
        assertThat(page.locator("main")).containsText("for <b>tests</b>");
        assertThat(page.content()).doesNotContain(secret, "of-mine");
        page.locator("summary").getByText("New secret").click();
        assertThat(Browser.barriers(page)).isEmpty();
        page.getByText("Make a new secret").click();
        assertThat(page.locator("h2")).hasText("Its secret");
        assertThat(page.locator("pre").textContent()).startsWith("whsec_").isNotEqualTo(secret);
        page.getByText("To the webhook").click();
        assertThat(page.locator("main")).containsText("Old secret until");
        page.getByText("Edit").click();
        var text = page.locator("#definition").inputValue();
        assertThat(text).contains("token=of-mine").doesNotContain("secret");
        save(page, text.replace("<b>tests</b>", "<i>others</i>").replace("true", "false"));
        assertThat(page.locator("main")).containsText("for <i>others</i>");
        assertThat(page.locator("main")).containsText("disabled");
        page.getByText("Edit").click();
        delete(page);
        assertThat(page.locator("h1")).hasText("Webhooks");
        assertThat(server.get("/webhooks").path("data")).isEmpty();
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void a_webhook_with_a_secret_of_its_own_shows_none_and_nonsense_is_refused_in_words()
            throws Exception {
        var own = WEBHOOK.replace("{\"url\"", "{\"secret\":\"0123456789abcdef0123\",\"url\"");
        var path = admin.led("/webhooks", Map.of("definition", own));
        assertThat(admin.page(path)).contains("hooks.example").doesNotContain("0123456789");
        var wrong = admin.press("/webhooks", Map.of("definition", "{\"url\":\"<i>\",\"evens\":1}"));
        assertThat(wrong.statusCode()).isEqualTo(400);
        assertThat(wrong.body()).contains("events: is required", "&lt;i&gt;");
        assertThat(wrong.body()).doesNotContain("<i>");
        var changed = admin.press(path, Map.of("definition", "{\"events\":[\"task.done\"]}"));
        assertThat(changed.statusCode()).isEqualTo(400);
        assertThat(changed.body()).contains("unknown event");
        assertThat(admin.press(path, Map.of()).statusCode()).isEqualTo(400);
        assertThat(admin.led(path + "/delete", Map.of())).isEqualTo("/webhooks");
        assertThat(admin.status(path + "/edit")).isEqualTo(404);
        assertThat(admin.press(path + "/rotate", Map.of()).statusCode()).isEqualTo(404);
        assertThat(admin.press(path, Map.of("definition", own)).statusCode()).isEqualTo(404);
    }

    @Test
    void a_model_is_written_changed_and_deleted_and_its_key_does_not_come_back() throws Exception {
        var page = browser.signedIn(server, server.admin());
        page.navigate(server.url("/console/models"));
        page.getByText("New model").click();
        save(page, MODEL.replace("\"gpt-x\"", "7"));
        assertThat(page.locator("[role=alert]")).containsText("model");
        assertThat(Browser.barriers(page)).isEmpty();
        save(page, MODEL);
        assertThat(page.locator("tbody")).containsText("version 1");
        page.locator("tbody").getByText("written").click();
        var text = page.locator("#definition").inputValue();
        assertThat(text).contains("***").doesNotContain("sk-of-mine");
        assertThat(Browser.barriers(page)).isEmpty();
        save(page, text.replace("gpt-x", "gpt-y"));
        assertThat(page.locator("tbody")).containsText("openai: gpt-y");
        assertThat(server.get("/models/written").path("api_key").asText()).isEqualTo("***");

        var path = "/models/" + server.get("/models/written").path("id").asText();
        var late = admin.press(path, Map.of("definition", text, "version", "1"));
        assertThat(late.statusCode()).isEqualTo(409);
        assertThat(late.body()).contains("at version 1 when you began and is at version 2 now");
        var moved = text.replace("models.example", "elsewhere.example");
        var stolen = admin.press(path, Map.of("definition", moved, "version", "2"));
        assertThat(stolen.statusCode()).isEqualTo(400); // A key belongs to its host.
        assertThat(admin.press("/models", Map.of("definition", MODEL)).statusCode()).isEqualTo(409);
        page.navigate(server.url("/console" + path + "/edit"));
        delete(page);
        assertThat(page.locator("h1")).hasText("Models");
        assertThat(admin.status(path + "/edit")).isEqualTo(404);
        assertThat(browser.complaints()).singleElement().asString().contains("400"); // As meant.
    }

    @Test
    void a_budget_is_written_changed_and_deleted() throws Exception {
        var page = browser.signedIn(server, server.admin());
        page.navigate(server.url("/console/budgets"));
        page.getByText("New budget").click();
        save(page, BUDGET);
        page.locator("tbody").getByText("tag blue").click();
        assertThat(page.locator("h1")).hasText("Edit the budget of tag blue");
        assertThat(Browser.barriers(page)).isEmpty();
        var text = page.locator("#definition").inputValue();
        save(page, text.replace("blue", "red"));
        assertThat(page.locator("[role=alert]")).containsText("make another budget");
        save(page, text.replace("12.5", "7.25"));
        assertThat(page.locator("tbody")).containsText("$7.25 a day");

        var twice = admin.press("/budgets", Map.of("definition", BUDGET));
        assertThat(twice.statusCode()).isEqualTo(409);
        var id = server.get("/budgets").at("/data/0/id").asText();
        var late = Map.of("definition", text, "version", "1");
        assertThat(admin.press("/budgets/" + id, late).statusCode()).isEqualTo(409);
        page.locator("tbody").getByText("tag blue").click();
        delete(page);
        assertThat(page.locator("main")).containsText("There are no budgets");
        assertThat(browser.complaints()).singleElement().asString().contains("400"); // As meant.
    }

    @Test
    void who_may_only_look_finds_no_way_to_change_them_and_other_sites_neither() throws Exception {
        var webhook = "/webhooks/" + server.post("/webhooks", WEBHOOK).path("id");
        var named = MODEL.replace("written", "looked-at");
        var model = "/models/" + server.post("/models", named).path("id");
        var budget =
                "/budgets/" + server.post("/budgets", BUDGET.replace("blue", "green")).path("id");
        var viewer = new Pressing(server, server.key("onlooker", "viewer").path("key").asText());
        for (var list : List.of("/webhooks", "/models", "/budgets")) {
            assertThat(viewer.page(list)).as(list).doesNotContain(">New ", "/edit");
            assertThat(viewer.page(list + "/new")).contains("Your key may look, and not save.");
        }
        assertThat(viewer.page(webhook)).doesNotContain("/edit", "of-mine");
        for (var one : List.of(webhook, model, budget)) {
            assertThat(viewer.page(one + "/edit"))
                    .contains("Your key may look, and not save.")
                    .doesNotContain("Delete", "of-mine");
        }
        for (var one : List.of(webhook, model, budget)) {
            var all = one.substring(0, one.lastIndexOf('/'));
            for (var way : List.of(all, one, one + "/delete")) {
                assertThat(viewer.press(way, Map.of()).statusCode()).as(way).isEqualTo(403);
                assertThat(admin.pressFromElsewhere(way)).as(way).isEqualTo(403);
            }
            assertThat(admin.led(one + "/delete", Map.of())).isEqualTo(all);
        }
    }
}
