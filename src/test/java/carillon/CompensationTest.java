package carillon;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Steps that undo others, on a whole server.
@Timeout(120)
final class CompensationTest {
    private static final String UNDOES =
            """
            {"name":"w","action":{"workflow":{"shape":"parallel","steps":[
              {"name":"a","action":{"nothing":{}}},
              {"name":"undo","compensates":"a","action":{"nothing":{}}}]}}}
            """;

    private WholeServer server;

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        server = WholeServer.start(folder);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private JsonNode run(JsonNode task, String input) throws Exception {
        var begun =
                server.post(
                        "/api/v1/tasks/" + task.path("id") + "/execute",
                        "{\"input\":" + input + "}");
        return server.await(
                "/api/v1/runs/" + begun.path("id"), shown -> !shown.path("finished_at").isNull());
    }

    private JsonNode step(JsonNode run, String name) throws Exception {
        for (var step : server.get("/api/v1/runs/" + run.path("id") + "/steps").path("data")) {
            if (step.path("step").asText().equals(name)) {
                return step;
            }
        }
        throw new AssertionError("no step " + name);
    }

    @Test
    void what_was_done_is_undone_with_what_it_brought_when_a_later_step_fails() throws Exception {
        var task =
                server.post(
                        "/api/v1/tasks",
                        """
                        {"name":"trip","action":{"workflow":{"shape":"linear","steps":[
                          {"name":"cancel room","order":0,"compensates":"room",
                           "inputs":{"booking":"steps.room.output.number"},
                           "action":{"nothing":{}}},
                          {"name":"room","order":1,"inputs":{"number":"input.number"},
                           "action":{"nothing":{}}},
                          {"name":"pay","order":2,"attempts":1,
                           "action":{"prompt":{"model":"none there","text":"x"}}},
                          {"name":"refund","order":3,"compensates":"pay",
                           "action":{"nothing":{}}}]}}}
                        """);
        var run = run(task, "{\"number\":17}");

        assertThat(run.path("state").asText()).isEqualTo("FAILED");
        assertThat(run.path("reason").asText()).contains("'pay' failed");
        var cancelled = step(run, "cancel room");
        assertThat(cancelled.path("state").asText()).isEqualTo("SUCCEEDED");
        assertThat(cancelled.path("output").path("body").asText()).isEqualTo("{\"booking\":17}");
        var refund = step(run, "refund");
        assertThat(refund.path("state").asText()).isEqualTo("SKIPPED");
        assertThat(refund.path("reason").asText()).contains("has not succeeded");
    }

    private static final String ROOMS =
            """
            {"name":"rooms","action":{"workflow":{"shape":"linear","steps":[
              {"name":"rooms","order":0,"attempts":1,"for_each":"input.rooms",
               "inputs":{"number":"item.number"},"action":{"nothing":{}}},
              {"name":"cancel","compensates":"rooms","for_each":"steps.rooms.output",
               "inputs":{"booking":"item.number","state":"steps.rooms.state"},
               "action":{"nothing":{}}}]}}}
            """;

    @Test
    void of_a_list_that_failed_in_part_what_succeeded_is_undone() throws Exception {
        var task = server.post("/api/v1/tasks", ROOMS);
        var run = run(task, "{\"rooms\":[{\"number\":1},{\"no\":2},{\"number\":3}]}");

        assertThat(run.path("state").asText()).isEqualTo("FAILED");
        assertThat(run.path("reason").asText()).contains("'rooms' failed");
        var cancelled = new ArrayList<String>();
        for (var step : server.get("/api/v1/runs/" + run.path("id") + "/steps").path("data")) {
            if (step.path("step").asText().equals("cancel")) {
                assertThat(step.path("state").asText()).isEqualTo("SUCCEEDED");
                cancelled.add(step.at("/output/body").asText());
            }
        }
        assertThat(cancelled)
                .containsExactlyInAnyOrder(
                        "{\"booking\":1,\"state\":\"failed\"}",
                        "{\"booking\":3,\"state\":\"failed\"}");
    }

    @Test
    void of_a_list_that_failed_whole_nothing_is_undone() throws Exception {
        var task = server.post("/api/v1/tasks", ROOMS);
        var run = run(task, "{\"rooms\":[{\"no\":1},{\"no\":2}]}");

        var cancelled = step(run, "cancel");
        assertThat(cancelled.path("state").asText()).isEqualTo("SKIPPED");
        assertThat(cancelled.path("reason").asText()).contains("'rooms' has not succeeded");
    }

    @Test
    void a_workflow_that_succeeds_undoes_nothing() throws Exception {
        var task = server.post("/api/v1/tasks", UNDOES);
        assertThat(task.at("/action/workflow/steps/1/compensates").asText()).isEqualTo("a");
        var run = run(task, "{}");
        assertThat(run.path("state").asText()).isEqualTo("SUCCEEDED");
        assertThat(step(run, "undo").path("reason").asText()).isEqualTo("no step has failed");
    }

    @Test
    void a_compensation_of_no_step_is_refused() throws Exception {
        var wrong = UNDOES.replace("\"compensates\":\"a\"", "\"compensates\":\"b\"");
        var refused = server.ask("POST", "/api/v1/tasks", wrong);
        assertThat(refused.status()).isBetween(400, 422);
        assertThat(refused.whole().body()).contains("which is no step");
    }
}
