package carillon;

import static org.assertj.core.api.Assertions.assertThat;

import carillon.perform.ChatServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A batch that a step of a workflow calls, on a whole server.
@Timeout(120)
final class CalledBatchTest {
    private static final String CREW = "/crewai/api/v1";
    private static final int ROWS = 400;

    private final CountDownLatch resumed = new CountDownLatch(1);
    private final ConcurrentHashMap<String, Integer> asked = new ConcurrentHashMap<>();

    /// Quick for a while, and slow from then on until the batch has been resumed.
    private ChatServer.Told answer(ChatServer.Asked heard) {
        asked.merge(heard.body().at("/messages/0/content").asText(), 1, Integer::sum);
        try {
            boolean quick = asked.size() <= 100 || resumed.await(100, TimeUnit.MILLISECONDS);
            return ServerBatchesTest.answer(quick ? "yes" : "yes, at last");
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /// The step was written when the task that it calls still was a workflow.
    @Test
    void a_batch_pauses_and_goes_on_with_the_workflow_that_calls_it(@TempDir Path folder)
            throws Exception {
        try (var server = WholeServer.start(folder);
                var provider = new ChatServer(this::answer)) {
            var rows =
                    IntStream.range(0, ROWS)
                            .mapToObj(i -> "r%d,question %d\n".formatted(i, i))
                            .collect(Collectors.joining());
            Files.writeString(server.file("in.csv"), "id,prompt\n" + rows);
            server.post(
                    "/api/v1/models",
                    "{\"name\":\"m\",\"provider\":\"openai\",\"base_url\":\"%s\"}"
                            .formatted(provider.url()));
            var workflow = "{\"name\":\"w\",\"workflow_type\":\"linear\"}";
            var batch = server.post(CREW + "/workflows/", workflow).path("id");
            var calling = server.post(CREW + "/workflows/", workflow).path("id");
            server.post(
                    CREW + "/tasks/",
                    """
                    {"workflow_id":%s,"name":"call","task_type":"custom_task",
                     "config":{"workflow_id":%s}}
                    """
                            .formatted(calling, batch));
            var definition =
                    """
                    {"name":"b",
                     "action":{"batch":{"input":"in.csv","output":"out.csv","model":"m"}}}
                    """;
            var put = server.ask("PUT", "/api/v1/tasks/" + batch, definition);
            assertThat(put.status()).as(put.whole().body()).isEqualTo(200);
            var path = CREW + "/workflows/" + calling;
            var begun = server.post(path + "/execute", "").path("id");
            Awaitility.await().until(() -> asked.size() > 100);
            server.post(path + "/pause", "");
            var run = server.get("/api/v1/batches/" + batch).path("run_id");
            server.await(
                    "/api/v1/runs/" + run, one -> one.path("reason").asText().equals("paused"));
            assertThat(asked).hasSizeLessThan(ROWS);

            resumed.countDown();
            server.post(path + "/resume", "");
            var ended =
                    server.await("/api/v1/runs/" + begun, one -> !one.path("finished_at").isNull());
            assertThat(ended.path("state").asText()).as(ended.toString()).isEqualTo("SUCCEEDED");
            assertThat(asked).hasSize(ROWS);
            assertThat(asked.values()).containsOnly(1);
        }
    }
}
