package carillon.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Running a workflow with an input that is written on a page.
@Timeout(120)
final class InputPageTest {
    @TempDir private Path folder;
    private ConsoleServer server;
    private Pressing admin;
    private String path;

    @BeforeEach
    void start() throws Exception {
        server = new ConsoleServer(folder);
        admin = new Pressing(server, server.admin());
        var task =
                server.post(
                        "/tasks",
                        """
                        {"name":"<b>hand on</b>","action":{"workflow":{"shape":"linear","steps":[
                          {"name":"hand on","order":1,"inputs":{"city":"input.city"},
                           "action":{"nothing":{}}}]}}}
                        """);
        path = "/tasks/" + task.path("id");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void a_workflow_is_run_with_what_was_written() throws Exception {
        assertThat(admin.page(path)).contains("Run with an input", "/console" + path + "/execute");
        assertThat(admin.page(path + "/execute"))
                .contains("&lt;b&gt;hand on&lt;/b&gt;", "name=\"input\"")
                .doesNotContain("<b>hand");

        var run = admin.led(path + "/execute", Map.of("input", "{\"city\": \"Ghent\"}"));

        Awaitility.await()
                .atMost(Duration.ofSeconds(40))
                .until(() -> server.get(run).path("state").asText().equals("SUCCEEDED"));
        assertThat(server.get(run + "/steps").path("data").toString()).contains("Ghent");
    }

    @Test
    void what_is_no_json_object_is_refused_and_kept_on_the_page() throws Exception {
        for (var wrong : new String[] {"{\"city\":", "[1]", "<i>"}) {
            var answer = admin.press(path + "/execute", Map.of("input", wrong));
            assertThat(answer.statusCode()).isEqualTo(400);
            var kept = wrong.replace("<", "&lt;").replace(">", "&gt;");
            assertThat(answer.body())
                    .contains("It was not started:", kept + "</textarea>")
                    .doesNotContain("<i>");
        }
        assertThat(server.get("/runs").path("data")).isEmpty();
    }

    @Test
    void without_an_input_it_runs_too_and_other_tasks_are_not_asked_for_one() throws Exception {
        assertThat(admin.led(path + "/execute", Map.of("input", "  "))).startsWith("/runs/");
        assertThat(admin.led(path + "/execute", Map.of())).startsWith("/runs/");
        var other = server.post("/tasks", "{\"name\":\"plain\",\"action\":{\"nothing\":{}}}");
        assertThat(admin.page("/tasks/" + other.path("id"))).doesNotContain("with an input");
        assertThat(admin.status("/tasks/1/execute")).isEqualTo(404);
    }

    @Test
    void who_may_only_look_may_not_run_it() throws Exception {
        var viewer = new Pressing(server, server.key("onlooker", "viewer").path("key").asText());
        assertThat(viewer.page(path)).doesNotContain("Run with an input");
        assertThat(viewer.page(path + "/execute")).contains("Your key may look, and not run.");
        var input = Map.of("input", "{}");
        assertThat(viewer.press(path + "/execute", input).statusCode()).isEqualTo(403);
    }
}
