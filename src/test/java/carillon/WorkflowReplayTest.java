package carillon;

import static org.assertj.core.api.Assertions.assertThat;

import carillon.json.Json;
import carillon.perform.ChatServer;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A part of a workflow, done again.
@Timeout(120)
final class WorkflowReplayTest {
    @TempDir private Path folder;

    private static JsonNode output(JsonNode run) {
        return Json.read(run.at("/output/body").asText()).path("outputs").path("c");
    }

    private static JsonNode ended(WholeServer server, JsonNode begun) {
        return server.await(
                "/api/v1/runs/" + begun.path("id"), run -> !run.path("finished_at").isNull());
    }

    @Test
    void a_run_is_replayed_from_a_step_on_with_what_was_brought_before_it() throws Exception {
        var answers = new AtomicInteger();
        try (var server = WholeServer.start(folder);
                var provider =
                        new ChatServer(
                                _ ->
                                        ServerBatchesTest.answer(
                                                "answer " + answers.incrementAndGet()))) {
            server.post(
                    "/api/v1/models",
                    "{\"name\":\"m\",\"provider\":\"openai\",\"base_url\":\"%s\"}"
                            .formatted(provider.url()));
            var task =
                    server.post(
                            "/api/v1/tasks",
                            """
                            {"name":"w","action":{"workflow":{"shape":"parallel","steps":[
                              {"name":"a","action":{"prompt":{"model":"m","text":"a"}}},
                              {"name":"b","depends_on":["a"],"inputs":{"x":"steps.a.output"},
                               "action":{"prompt":{"model":"m","text":"b {{x}}"}}},
                              {"name":"c","depends_on":["b"],"inputs":{"y":"steps.b.output",
                               "x":"steps.a.output","t":"input.topic"},"action":{"nothing":{}}},
                              {"name":"other","action":{"prompt":{"model":"m","text":"o"}}}]}}}
                            """);
            var execute = "/api/v1/tasks/" + task.path("id") + "/execute";
            var first = ended(server, server.post(execute, "{\"input\":{\"topic\":\"bells\"}}"));
            assertThat(first.path("state").asText()).isEqualTo("SUCCEEDED");
            assertThat(answers).hasValue(3);

            var steps = "/api/v1/runs/" + first.path("id") + "/steps";
            var again = ended(server, server.post(steps + "/b/replay", ""));
            assertThat(again.path("state").asText()).isEqualTo("SUCCEEDED");
            assertThat(answers).hasValue(4);
            assertThat(output(again).path("x")).isEqualTo(output(first).path("x"));
            assertThat(output(again).path("t").asText()).isEqualTo("bells");
            assertThat(output(again).path("y").asText()).isEqualTo("answer 4");
            var done = server.get("/api/v1/runs/" + again.path("id") + "/steps");
            assertThat(done.findValuesAsText("step")).containsExactlyInAnyOrder("b", "c");
            assertThat(server.ask("POST", steps + "/none/replay", "").status()).isEqualTo(404);
        }
    }
}
