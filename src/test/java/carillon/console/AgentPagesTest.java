package carillon.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import carillon.json.Json;
import carillon.perform.ChatServer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The pages of agents, and what they say and do in runs, with a model that says scripts.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(600)
final class AgentPagesTest {
    private static final String HOSTILE =
            "</pre><script>document.title='taken'</script><img src=x onerror=document.title='x'>";
    private static final String AGENT =
            """
            {"name":"%s","role":"Finder <b>of</b> things","goal":"Find","backstory":"%s",
             "model":"m","tools":["http_get"],
             "limits":{"steps":7,"tokens":90000,"cost":0.25,"time":"90s"}}
            """;

    private static final int TALKS = 100;

    private final AtomicInteger asked = new AtomicInteger();
    private ConsoleServer server;
    private ChatServer provider;
    private Browser browser;
    private Pressing admin;

    @BeforeAll
    void start(@TempDir Path folder, @TempDir Path notes) throws Exception {
        browser = Browser.open(notes);
        server = new ConsoleServer(folder);
        provider = new ChatServer(_ -> told(asked.incrementAndGet()));
        server.post(
                "/models",
                """
                {"name":"m","provider":"openai","base_url":"%s","prices":{"input":1,"output":1}}
                """
                        .formatted(provider.url()));
        admin = new Pressing(server, server.admin());
    }

    @AfterAll
    void stop() {
        browser.close();
        server.close();
        provider.close();
    }

    /// First it asks for tools, then it is content with what they have brought; from the question
    /// [#TALKS] on, it asks for many.
    private static ChatServer.Told told(int time) {
        var message = Json.object().put("role", "assistant");
        if (time >= TALKS) {
            return talk(time - TALKS, message);
        }
        if (time > 1) {
            return told(message.put("content", "It is alive. " + HOSTILE), "stop");
        }
        message.put("content", "Let me look. " + HOSTILE);
        var calls = message.putArray("tool_calls");
        for (var tool : List.of("http_get", "<i>none</i>")) {
            calls.addObject()
                    .put("id", "call_" + calls.size())
                    .put("type", "function")
                    .putObject("function")
                    .put("name", tool)
                    .put("arguments", "{\"url\":\"no url " + HOSTILE + "\"}");
        }
        return told(message, "tool_calls");
    }

    private static ChatServer.Told talk(int time, ObjectNode message) {
        if (time > 3) {
            return told(message.put("content", "That is all."), "stop");
        }
        var calls = message.put("content", "a".repeat(5_000)).putArray("tool_calls");
        for (int i = 0; i < 16; i++) {
            calls.addObject()
                    .put("id", "call_" + i)
                    .put("type", "function")
                    .putObject("function")
                    .put("name", "http_get")
                    .put("arguments", "no json");
        }
        return told(message, "tool_calls");
    }

    private static ChatServer.Told told(JsonNode message, String reason) {
        var answer = Json.object();
        var choice = answer.putArray("choices").addObject();
        choice.put("index", 0).put("finish_reason", reason).set("message", message);
        answer.putObject("usage")
                .put("prompt_tokens", 10)
                .put("completion_tokens", 5)
                .put("total_tokens", 15);
        return ChatServer.Told.ok(Json.write(answer));
    }

    private long agent(String name, String backstory) throws Exception {
        return server.post("/agents", AGENT.formatted(name, backstory)).path("id").asLong();
    }

    private void delete(long agent) throws Exception {
        server.send(
                server.request("/api/v1/agents/" + agent)
                        .header("Authorization", "Bearer " + server.admin())
                        .DELETE());
    }

    /// A task that asks the agent.
    private long task(String agent) throws Exception {
        var body =
                "{\"name\":\"find\",\"action\":{\"agent\":{\"agent\":\"%s\",\"text\":\"Go\"}}}"
                        .formatted(agent);
        return server.post("/tasks", body).path("id").asLong();
    }

    private long run(String agent) throws Exception {
        asked.set(0);
        long task = task(agent);
        return server.post("/tasks/" + task + "/execute?wait=20s", "").path("id").asLong();
    }

    @Test
    void what_an_agent_said_and_did_stands_on_the_page_of_its_run_and_is_never_run()
            throws Exception {
        long agent = agent("ann", "");
        var run = run("ann");
        var page = browser.signedIn(server, server.admin());
        page.navigate(server.url("/console/runs/" + run));

        var entries = page.locator("section[aria-labelledby=transcript] li");
        assertThat(entries).hasCount(4);
        assertThat(entries.nth(0)).containsText("The model said");
        assertThat(entries.nth(0)).containsText("10 tokens in, 5 out, $0.000015");
        assertThat(entries.nth(0).locator("pre").first()).hasText("Let me look. " + HOSTILE);
        assertThat(entries.nth(0)).containsText("It calls http_get with");
        assertThat(entries.nth(0).locator("pre").nth(1))
                .containsText("\"url\" : \"no url " + HOSTILE + "\"");
        assertThat(entries.nth(1)).containsText("http_get failed");
        assertThat(entries.nth(2)).containsText("<i>none</i> failed");
        assertThat(entries.nth(3).locator("pre")).hasText("It is alive. " + HOSTILE);
        assertThat(Browser.barriers(page)).isEmpty();

        page.getByText("The whole transcript").click();
        assertThat(page.locator("h1")).hasText("Transcript of run " + run);
        assertThat(page.locator("main li")).hasCount(4);
        assertThat(page.title()).isEqualTo("Transcript of run " + run + " · Carillon");
        assertThat(Browser.barriers(page)).isEmpty();
        assertThat(browser.complaints()).isEmpty();
        assertThat(admin.page("/runs/" + run + "/transcript?from=3")).contains("value=\"4\"");
        assertThat(admin.page("/runs/" + run + "/transcript?from=9")).contains("Nothing has been");
        assertThat(admin.status("/runs/1/transcript")).isEqualTo(404);
        delete(agent);
    }

    @Test
    void long_texts_and_long_transcripts_are_shown_in_parts() throws Exception {
        long agent = agent("talker", "");
        asked.set(TALKS - 1);
        var run = server.post("/tasks/" + task("talker") + "/execute?wait=20s", "").path("id");
        var path = "/runs/" + run + "/transcript";
        var beginning = admin.page("/runs/" + run);
        assertThat(beginning)
                .contains("a".repeat(4_000) + "…", path + "?from=50")
                .doesNotContain("a".repeat(4_001));
        var whole = admin.page(path);
        assertThat(whole).contains("a".repeat(5_000), path + "?from=50", "value=\"50\"");
        assertThat(whole).doesNotContain("value=\"51\"");
        assertThat(admin.page(path + "?from=50"))
                .contains("value=\"51\"", "That is all.")
                .doesNotContain("Later entries");
        delete(agent);
    }

    @Test
    void a_run_of_something_else_has_no_transcript() throws Exception {
        var task = server.post("/tasks", "{\"name\":\"nothing\",\"action\":{\"nothing\":{}}}");
        var run = server.post("/tasks/" + task.path("id") + "/execute?wait=20s", "");
        assertThat(admin.page("/runs/" + run.path("id"))).doesNotContain("Transcript");
    }

    @Test
    void an_agent_is_listed_and_shown_with_all_that_binds_it() throws Exception {
        long agent = agent("lister", "Once <script>there</script> was");
        assertThat(admin.page("/agents"))
                .contains("lister", "Finder &lt;b&gt;of&lt;/b&gt; things", "http_get", "active");
        assertThat(admin.page("/agents/" + agent))
                .contains(
                        "Agent lister", "7 answers of its model, 90,000 tokens, $0.25, 1 min 30 s")
                .contains("Once &lt;script&gt;there&lt;/script&gt; was")
                .doesNotContain("<script>there");
        assertThat(admin.page("/agents/lister")).contains("Agent lister");
        for (var name : List.of("lister", "of no/such?name")) {
            var page = admin.page("/tasks/" + task(name));
            assertThat(page).contains(name);
            assertThat(page.contains("/agents/" + name)).isEqualTo(name.equals("lister"));
        }
        assertThat(admin.status("/agents/1")).isEqualTo(404);
        delete(agent);
        assertThat(admin.page("/agents")).doesNotContain("lister");
    }

    @Test
    void an_agent_is_written_changed_and_deleted_and_nonsense_is_refused_in_words()
            throws Exception {
        assertThat(admin.page("/agents")).contains("There are no agents", "/console/agents/new");
        assertThat(admin.page("/agents/new")).contains("researcher");
        var wrong = admin.press("/agents", Map.of("definition", "{\"name\":\"<i>\",\"tool\":1}"));
        assertThat(wrong.statusCode()).isEqualTo(400);
        assertThat(wrong.body()).contains("role: is required", "&lt;i&gt;").doesNotContain("<i>");
        assertThat(admin.press("/agents", Map.of("definition", "{")).statusCode()).isEqualTo(400);
        assertThat(admin.press("/agents", Map.of()).statusCode()).isEqualTo(400);

        var text = AGENT.formatted("written", "");
        var path = admin.led("/agents", Map.of("definition", text));
        assertThat(admin.page(path)).contains("Agent written");
        assertThat(admin.press("/agents", Map.of("definition", text)).statusCode()).isEqualTo(409);

        assertThat(admin.page(path + "/edit")).contains("Edit written", "value=\"1\"");
        var changed = text.replace("\"m\"", "\"other\"");
        var update = Map.of("definition", changed, "version", "1");
        assertThat(admin.led(path, update)).isEqualTo(path);
        assertThat(admin.page(path)).contains("other");
        var late = admin.press(path, Map.of("definition", text, "version", "1"));
        assertThat(late.statusCode()).isEqualTo(409);
        assertThat(late.body()).contains("at version 1 when you began and is at version 2 now");

        assertThat(admin.led(path + "/delete", Map.of())).isEqualTo("/agents");
        assertThat(admin.status(path)).isEqualTo(404);
    }

    @Test
    void who_may_only_look_finds_no_way_to_change_one_and_other_sites_neither() throws Exception {
        long agent = agent("looked at", "");
        var path = "/agents/" + agent;
        var viewer = new Pressing(server, server.key("onlooker", "viewer").path("key").asText());
        assertThat(viewer.page("/agents")).doesNotContain("New agent");
        assertThat(viewer.page(path)).contains("looked at").doesNotContain("Delete", "/edit");
        assertThat(viewer.page(path + "/edit")).contains("Your key may look, and not save.");
        for (var way : List.of("/agents", path, path + "/delete")) {
            assertThat(viewer.press(way, Map.of()).statusCode()).as(way).isEqualTo(403);
            assertThat(admin.pressFromElsewhere(way)).as(way).isEqualTo(403);
        }
        var anonymous =
                server.send(
                        server.request("/console" + path + "/delete")
                                .POST(HttpRequest.BodyPublishers.noBody()));
        assertThat(anonymous.statusCode()).isEqualTo(401);
        delete(agent);
    }
}
