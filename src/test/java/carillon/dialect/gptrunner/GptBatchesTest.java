package carillon.dialect.gptrunner;

import static org.assertj.core.api.Assertions.assertThat;

import carillon.WholeServer;
import carillon.json.Json;
import carillon.perform.ChatServer;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Batches and scheduled files of GPT Task Runner's document, on a whole server.
@Timeout(120)
final class GptBatchesTest {
    private static final String API = "/gpt-task-runner/api/v1";
    private static final String BATCHES = API + "/batches";

    @TempDir private Path folder;
    private WholeServer server;

    @BeforeEach
    void start() throws Exception {
        server = WholeServer.start(folder);
        for (var name : new String[] {"gpt-4", "gpt-3.5-turbo"}) {
            server.post(
                    "/api/v1/models", "{\"name\":\"%s\",\"provider\":\"echo\"}".formatted(name));
        }
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private JsonNode ended(String id) {
        return server.await(
                        BATCHES + "/" + id,
                        answer -> answer.path("data").path("completedAt").isTextual())
                .path("data");
    }

    private static final String WRITING =
            """
            {
              "id": "batch-001",
              "name": "Creative Writing Tasks",
              "description": "A collection of creative writing tasks",
              "tasks": [
                {"id": "task-001", "prompt": "Write a haiku about programming"},
                {"id": "task-002", "prompt": "Write a short story about AI"}
              ],
              "config": {"model": "gpt-4", "temperature": 0.7, "maxConcurrency": 5}
            }
            """;

    @Test
    void a_batch_of_tasks_is_made_executed_and_shown_as_documented() throws Exception {
        var made = server.ask("POST", BATCHES, WRITING);
        assertThat(made.status()).isEqualTo(201);
        var data = made.body().path("data");
        assertThat(data.path("id").asText()).isEqualTo("batch-001");
        assertThat(data.path("status").asText()).isEqualTo("pending");
        assertThat(data.path("taskCount").asInt()).isEqualTo(2);
        assertThat(data.path("createdAt").asText()).endsWith("Z");
        var pending = server.get(BATCHES + "/batch-001").path("data");
        assertThat(pending.path("progress"))
                .isEqualTo(Json.read("{\"total\":2,\"completed\":0,\"failed\":0,\"pending\":2}"));
        assertThat(server.get(API + "/tasks/task-001").at("/data/status").asText())
                .isEqualTo("pending");

        var started = server.post(BATCHES + "/batch-001/execute", "");
        assertThat(started.at("/message").asText()).isEqualTo("Batch execution started");
        assertThat(started.at("/data/executionId").asText()).matches("batch-exec-\\d+");
        assertThat(started.at("/data/status").asText()).isEqualTo("running");

        var batch = ended("batch-001");
        assertThat(batch.path("name").asText()).isEqualTo("Creative Writing Tasks");
        assertThat(batch.path("description").asText()).startsWith("A collection");
        assertThat(batch.path("status").asText()).isEqualTo("completed");
        assertThat(batch.path("progress"))
                .isEqualTo(Json.read("{\"total\":2,\"completed\":2,\"failed\":0,\"pending\":0}"));
        assertThat(batch.path("tasks").findValuesAsText("id"))
                .containsExactly("task-001", "task-002");
        assertThat(batch.path("tasks").findValuesAsText("status")).containsOnly("completed");
        assertThat(batch.at("/tasks/0/result").asText()).contains("haiku");
        var task = server.get(API + "/tasks/task-001").path("data");
        assertThat(task.path("batchId").asText()).isEqualTo("batch-001");
        assertThat(task.path("temperature").asDouble()).isEqualTo(0.7);
        assertThat(
                        server.get(API + "/tasks?batchId=batch-001")
                                .at("/data/pagination/total")
                                .asInt())
                .isEqualTo(2);
    }

    @Test
    void tasks_that_name_a_batch_wait_for_it_and_all_or_none_of_a_batch_is_made() throws Exception {
        server.post(
                API + "/tasks",
                "{\"id\":\"early\",\"prompt\":\"Hi\",\"model\":\"gpt-4\",\"batchId\":\"b\"}");
        var taken =
                server.ask(
                        "POST",
                        BATCHES,
                        """
                        {"id":"b","tasks":[{"id":"new","prompt":"x","model":"gpt-4"},
                                           {"id":"early","prompt":"y","model":"gpt-4"}]}
                        """);
        assertThat(taken.status()).isEqualTo(400);
        assertThat(taken.body().at("/error/code").asText()).isEqualTo("VALIDATION_ERROR");
        assertThat(taken.body().at("/error/details/id").asText()).contains("early");
        assertThat(server.ask("GET", API + "/tasks/new", "").status()).isEqualTo(404);
        assertThat(server.ask("GET", BATCHES + "/b", "").status()).isEqualTo(404);

        server.post(BATCHES, "{\"id\":\"b\",\"tasks\":[{\"prompt\":\"x\",\"model\":\"gpt-4\"}]}");
        assertThat(server.ask("POST", BATCHES, "{\"id\":\"b\"}").status()).isEqualTo(400);
        server.post(BATCHES + "/b/execute", "");
        assertThat(ended("b").at("/progress/completed").asInt()).isEqualTo(2);
    }

    @Test
    void no_more_tasks_run_at_once_than_the_batch_says_and_failures_are_counted() throws Exception {
        var now = new AtomicInteger();
        var most = new AtomicInteger();
        try (var provider =
                new ChatServer(
                        heard -> {
                            most.accumulateAndGet(now.incrementAndGet(), Math::max);
                            rest();
                            now.decrementAndGet();
                            return heard.body().toString().contains("bad")
                                    ? new ChatServer.Told(400, Map.of(), "{}")
                                    : ok("fine");
                        })) {
            server.post(
                    "/api/v1/models",
                    "{\"name\":\"m\",\"provider\":\"openai\",\"base_url\":\"%s\"}"
                            .formatted(provider.url()));
            var body = Json.object().put("id", "many");
            body.putObject("config").put("model", "m").put("maxConcurrency", 3);
            for (int i = 0; i < 12; i++) {
                body.withArray("/tasks").addObject().put("prompt", i == 4 ? "bad" : "good " + i);
            }
            server.post(BATCHES, Json.write(body));
            server.post(BATCHES + "/many/execute", "");
            assertThat(server.ask("POST", BATCHES + "/many/execute", "").status()).isEqualTo(400);
            var batch = ended("many");
            assertThat(batch.path("status").asText()).isEqualTo("completed");
            assertThat(batch.path("progress"))
                    .isEqualTo(
                            Json.read(
                                    "{\"total\":12,\"completed\":11,\"failed\":1,\"pending\":0}"));
            assertThat(most.get()).isBetween(2, 3);
            assertThat(batch.path("tasks")).hasSize(10);
            var next = server.get(BATCHES + "/many?page=2").path("data");
            assertThat(next.path("tasks")).hasSize(2);
            assertThat(batch.at("/tasks/4/error").asText()).isNotEmpty();
        }
    }

    private static void rest() {
        try {
            boolean opened = new CountDownLatch(1).await(60, TimeUnit.MILLISECONDS);
            assertThat(opened).isFalse();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static ChatServer.Told ok(String text) {
        return ChatServer.Told.ok(
                """
                {"choices":[{"index":0,"finish_reason":"stop",
                   "message":{"role":"assistant","content":"%s"}}],
                 "usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2}}
                """
                        .formatted(text));
    }

    @Test
    void a_batch_of_tasks_outlasts_the_server_and_asks_none_twice() throws Exception {
        var asked = new ConcurrentHashMap<String, Integer>();
        try (var provider =
                new ChatServer(
                        heard -> {
                            asked.merge(heard.body().toString(), 1, Integer::sum);
                            rest();
                            return ok("fine");
                        })) {
            server.post(
                    "/api/v1/models",
                    "{\"name\":\"m\",\"provider\":\"openai\",\"base_url\":\"%s\"}"
                            .formatted(provider.url()));
            var body = Json.object().put("id", "long");
            body.putObject("config").put("model", "m").put("maxConcurrency", 4);
            for (int i = 0; i < 60; i++) {
                body.withArray("/tasks").addObject().put("prompt", "question " + i);
            }
            server.post(BATCHES, Json.write(body));
            server.post(BATCHES + "/long/execute", "");
            Awaitility.await().until(() -> asked.size() > 10);
            server.close();
            assertThat(asked.size()).isLessThan(60);
            server = WholeServer.start(folder);
            assertThat(ended("long").at("/progress/completed").asInt()).isEqualTo(60);
            assertThat(asked).hasSize(60);
            assertThat(asked.values()).containsOnly(1);
        }
    }

    @Test
    void a_file_is_answered_as_documented() throws Exception {
        Files.writeString(server.file("tasks.csv"), "id,prompt\na,Hello\nb,Bye\n");
        var made =
                server.post(
                        BATCHES,
                        """
                        {"id":"csv-batch","name":"CSV Processing","inputFile":"%s",
                         "config":{"model":"gpt-3.5-turbo","maxConcurrency":10}}
                        """
                                .formatted(server.file("tasks.csv")));
        assertThat(made.at("/data/status").asText()).isEqualTo("pending");
        server.post(BATCHES + "/csv-batch/execute", "");
        var batch = ended("csv-batch");
        assertThat(batch.path("status").asText()).isEqualTo("completed");
        assertThat(batch.at("/progress/completed").asInt()).isEqualTo(2);
        assertThat(batch.path("inputFile").asText()).isEqualTo("tasks.csv");
        assertThat(Files.readAllLines(server.file("tasks.results.csv"))).hasSize(3);
    }

    @Test
    void what_is_wrong_with_a_batch_is_told_in_the_words_of_this_api() throws Exception {
        refused("{\"inputFile\":\"/etc/passwd\"}", "inputFile");
        refused("{\"inputFile\":\"../x.csv\"}", "inputFile");
        refused("{\"inputFile\":\"x.txt\"}", "inputFile");
        refused("{\"inputFile\":\"x.csv\",\"tasks\":[]}", "inputFile");
        refused("{\"tasks\":7}", "tasks");
        refused("{\"id\":\"a b\"}", "id");
        refused("{\"config\":7}", "config");
        refused("{\"config\":{\"maxConcurrency\":0}}", "config.maxConcurrency");
        refused("{\"tasks\":[{\"model\":\"gpt-4\"}]}", "prompt");
        var model =
                server.ask(
                        "POST", BATCHES, "{\"inputFile\":\"x.csv\",\"config\":{\"model\":\"z\"}}");
        assertThat(model.body().at("/error/code").asText()).isEqualTo("MODEL_NOT_SUPPORTED");
        var none = server.ask("GET", BATCHES + "/none", "");
        assertThat(none.status()).isEqualTo(404);
        assertThat(none.body().at("/error/code").asText()).isEqualTo("BATCH_NOT_FOUND");
        assertThat(server.ask("POST", BATCHES + "/none/execute", "").status()).isEqualTo(404);
    }

    private void refused(String body, String field) throws Exception {
        var said = server.ask("POST", BATCHES, body);
        assertThat(said.status()).as(body).isEqualTo(400);
        assertThat(said.body().at("/error/code").asText()).isEqualTo("VALIDATION_ERROR");
        assertThat(said.body().at("/error/details").has(field)).as(said.body().toString()).isTrue();
    }

    @Test
    void a_file_has_a_schedule_as_documented() throws Exception {
        Files.writeString(server.file("tasks.csv"), "id,prompt\na,Hello\n");
        var made =
                server.post(
                                API + "/scheduled-tasks",
                                """
                                {"name":"Daily Report Generator","schedule":"0 9 * * *",
                                 "inputFile":"%s","outputFile":"%s","isDryRun":false,
                                 "config":{"model":"gpt-4","temperature":0.7,"maxRetries":3}}
                                """
                                        .formatted(
                                                server.file("tasks.csv"),
                                                server.file("results.csv")))
                        .path("data");
        assertThat(made.path("isActive").asBoolean()).isTrue();
        assertThat(made.path("nextRun").asText()).endsWith("T09:00:00.000Z");
        assertThat(made.path("inputFile").asText()).isEqualTo("tasks.csv");
        assertThat(made.at("/config/maxRetries").asInt()).isEqualTo(3);
        var path = API + "/scheduled-tasks/" + made.path("id").asText();
        var changed =
                server.ask("PATCH", path, "{\"schedule\":\"* * * * * *\",\"name\":\"Often\"}");
        assertThat(changed.body().at("/data/outputFile").asText()).isEqualTo("results.csv");
        Awaitility.await().until(() -> Files.exists(server.file("results.csv")));
        server.post(path + "/disable", "");
        assertThat(
                        server.get(API + "/scheduled-tasks?name=often")
                                .at("/data/tasks/0/inputFile")
                                .asText())
                .isEqualTo("tasks.csv");
    }

    /// The three examples of the document, but for the prefix and the folder for files.
    @Test
    void the_examples_of_the_document_run_with_curl() throws Exception {
        Files.writeString(server.file("tasks.csv"), "id,prompt\na,Hello\n");
        var task =
                curl(
                        "-X POST URL/api/v1/tasks",
                        """
                        {
                            "id": "example-task",
                            "prompt": "Explain quantum computing in simple terms",
                            "model": "gpt-4",
                            "temperature": 0.7
                          }""");
        assertThat(task.at("/data/id").asText()).isEqualTo("example-task");
        var batch =
                curl(
                        "-X POST URL/api/v1/batches",
                        """
                        {
                            "id": "csv-batch",
                            "name": "CSV Processing",
                            "inputFile": "%s",
                            "config": {
                              "model": "gpt-3.5-turbo",
                              "maxConcurrency": 10
                            }
                          }"""
                                .formatted(server.file("tasks.csv")));
        assertThat(batch.at("/data/id").asText()).isEqualTo("csv-batch");
        var metrics = curl("-X GET URL/api/v1/metrics", "");
        assertThat(metrics.at("/data/tasks/total").isInt()).isTrue();
    }

    private JsonNode curl(String call, String body) throws IOException, InterruptedException {
        var script =
                "curl -sS "
                        + call.replace("URL", server.uri("/gpt-task-runner").toString())
                        + " -H \"Authorization: Bearer "
                        + server.key()
                        + "\""
                        + (body.isEmpty()
                                ? ""
                                : " -H \"Content-Type: application/json\" -d '" + body + "'");
        var process = new ProcessBuilder("sh", "-c", script).redirectErrorStream(true).start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return Json.read(said);
    }
}
