package carillon;

import static org.assertj.core.api.Assertions.assertThat;

import carillon.json.Json;
import carillon.perform.BulkServer;
import carillon.perform.ChatServer;
import carillon.store.StoreSettings;
import carillon.store.TestPostgres;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
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

/// Batches through the native API, on a whole server.
@Timeout(120)
final class ServerBatchesTest {
    @TempDir private Path folder;
    private WholeServer server;

    @BeforeEach
    void start() throws IOException {
        server = WholeServer.start(folder);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private void input(String name, int rows) throws IOException {
        var text = new StringBuilder("id,prompt\n");
        for (int i = 0; i < rows; i++) {
            text.append("r").append(i).append(",question ").append(i).append('\n');
        }
        Files.writeString(server.file(name), text);
    }

    private JsonNode ended(JsonNode batch) {
        return server.await(
                "/api/v1/batches/" + batch.path("id"),
                shown -> !shown.path("finished_at").isNull());
    }

    /// A model of that name that answers as `told` says.
    private void model(ChatServer provider, String more) throws Exception {
        server.post(
                "/api/v1/models",
                """
                {"name":"m","provider":"openai","base_url":"%s"%s}
                """
                        .formatted(provider.url(), more));
    }

    static ChatServer.Told answer(String text) {
        var answer = Json.object();
        var choice = answer.putArray("choices").addObject();
        choice.put("index", 0).put("finish_reason", "stop");
        choice.putObject("message").put("role", "assistant").put("content", text);
        answer.putObject("usage")
                .put("prompt_tokens", 5)
                .put("completion_tokens", 5)
                .put("total_tokens", 10);
        return ChatServer.Told.ok(Json.write(answer));
    }

    private static String question(ChatServer.Asked asked) {
        return asked.body().path("messages").path(0).path("content").asText();
    }

    @Test
    void a_file_is_answered_in_its_order_and_the_batch_says_so() throws Exception {
        input("in.csv", 300);
        var made =
                server.ask("POST", "/api/v1/batches", "{\"input\":\"in.csv\",\"model\":\"echo\"}");

        assertThat(made.status()).isEqualTo(201);
        assertThat(made.whole().headers().firstValue("Location"))
                .hasValue("/api/v1/batches/" + made.body().path("id"));
        var batch = ended(made.body());
        assertThat(batch.path("status").asText()).isEqualTo("succeeded");
        assertThat(batch.path("name").asText()).isEqualTo("batch of in.csv");
        assertThat(batch.path("progress").path("total").asInt()).isEqualTo(300);
        assertThat(batch.path("progress").path("done").asInt()).isEqualTo(300);
        assertThat(batch.path("progress").path("failed").asInt()).isZero();
        var lines = Files.readAllLines(server.file("in.results.csv"));
        assertThat(lines).hasSize(301);
        for (int i = 0; i < 300; i++) {
            assertThat(lines.get(i + 1)).startsWith("r" + i + ",true,");
        }
        var run = server.get("/api/v1/runs/" + batch.path("run_id"));
        assertThat(Json.read(run.path("output").path("body").asText()).path("succeeded").asInt())
                .isEqualTo(300);
        assertThat(server.get("/api/v1/batches").path("data").path(0).path("id"))
                .isEqualTo(batch.path("id"));
    }

    @Test
    void bad_rows_stop_it_before_anything_is_asked_and_all_are_told() throws Exception {
        Files.writeString(
                server.file("in.csv"), "id,prompt,temperature\na,Hello,7\nb,,1\nc,Hi,0.5\n");
        var batch =
                ended(server.post("/api/v1/batches", "{\"input\":\"in.csv\",\"model\":\"echo\"}"));

        assertThat(batch.path("status").asText()).isEqualTo("failed");
        assertThat(batch.path("reason").asText())
                .startsWith("the input has 2 problems, nothing was asked: row 2, column temp");
        var run = server.get("/api/v1/runs/" + batch.path("run_id"));
        var told = Json.read(run.path("output").path("body").asText());
        assertThat(told.path("rows").findValuesAsText("row")).containsExactly("2", "3");
        assertThat(server.file("in.results.csv")).doesNotExist();
    }

    @Test
    void what_is_wrong_with_a_request_is_told_by_field() throws Exception {
        for (var path : new String[] {"../in.csv", "/etc/passwd", "a/../../b.csv", "in.txt", ""}) {
            var said =
                    server.ask(
                            "POST",
                            "/api/v1/batches",
                            Json.write(Json.object().put("input", path).put("model", "echo")));
            assertThat(said.status()).as(path).isEqualTo(400);
            assertThat(said.body().path("errors").findValuesAsText("field")).contains("input");
        }
        var said =
                server.ask(
                        "POST",
                        "/api/v1/batches",
                        "{\"input\":\"a.csv\",\"output\":\"a.csv\",\"max_concurrency\":0,\"x\":1}");
        assertThat(said.body().path("errors").findValuesAsText("field"))
                .contains("max_concurrency", "output", "x");
        assertThat(server.ask("GET", "/api/v1/batches/77", "").status()).isEqualTo(404);
    }

    @Test
    void no_link_leads_out_of_the_folder() throws Exception {
        var outside = Files.writeString(folder.resolve("secret.csv"), "id,prompt\na,Hello\n");
        Files.createSymbolicLink(server.file("link.csv"), outside);
        Files.createSymbolicLink(server.file("out"), folder);
        for (var input : new String[] {"link.csv", "out/secret.csv"}) {
            var wanted =
                    Json.object().put("input", input).put("output", "o.csv").put("model", "echo");
            var refused = server.ask("POST", "/api/v1/batches", Json.write(wanted));
            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.body().path("errors").findValuesAsText("field"))
                    .containsExactly("input");
            // What is a link only later is found when it begins.
            var made = server.post("/api/v1/batches", Json.write(wanted.put("start", false)));
            server.post("/api/v1/batches/" + made.path("id") + "/execute", "");
            var batch = ended(made);
            assertThat(batch.path("status").asText()).isEqualTo("failed");
            assertThat(batch.path("reason").asText()).contains("is no");
        }
        assertThat(server.file("o.csv")).doesNotExist();
    }

    @Test
    void a_batch_that_begins_at_once_must_find_its_files() throws Exception {
        input("in.csv", 1);
        var said =
                server.ask(
                        "POST",
                        "/api/v1/batches",
                        "{\"input\":\"no.csv\",\"output\":\"no/o.csv\"}");
        assertThat(said.status()).isEqualTo(400);
        assertThat(said.body().path("errors").findValuesAsText("message").toString())
                .contains("there is no file no.csv to read")
                .contains("no/o.csv leads through no, which is no folder");
    }

    @Test
    void only_the_rows_that_failed_are_asked_again() throws Exception {
        input("in.csv", 40);
        var broken = new AtomicInteger(1);
        try (var provider =
                new ChatServer(
                        heard ->
                                question(heard).endsWith("7") && broken.get() == 1
                                        ? new ChatServer.Told(400, Map.of(), "{}")
                                        : answer("yes"))) {
            model(provider, "");
            var made = server.post("/api/v1/batches", "{\"input\":\"in.csv\",\"model\":\"m\"}");
            var path = "/api/v1/batches/" + made.path("id");
            assertThat(ended(made).path("progress").path("failed").asInt()).isEqualTo(4);
            assertThat(server.file("in.results.failed.csv")).exists();

            broken.set(0);
            server.post(path + "/retry", "");
            var batch = ended(made);
            assertThat(batch.path("status").asText()).isEqualTo("succeeded");
            assertThat(batch.path("progress").path("done").asInt()).isEqualTo(40);
            assertThat(provider.count()).isEqualTo(44);
            assertThat(Files.readAllLines(server.file("in.results.csv"))).hasSize(41);
            assertThat(server.file("in.results.failed.csv")).doesNotExist();
            assertThat(server.ask("POST", path + "/retry", "").status()).isEqualTo(409);
        }
    }

    @Test
    void rows_that_have_time_go_to_the_provider_together_and_budgets_count_half() throws Exception {
        input("in.csv", 20);
        try (var provider = new BulkServer()) {
            provider.fate(
                    text ->
                            text.endsWith(" 7")
                                    ? BulkServer.Fate.FAILED
                                    : BulkServer.Fate.ANSWERED);
            server.post(
                    "/api/v1/models",
                    """
                    {"name":"m","provider":"openai","base_url":"%s",
                     "prices":{"input":1,"output":1}}
                    """
                            .formatted(provider.url()));
            var made =
                    server.post(
                            "/api/v1/batches",
                            """
                            {"input":"in.csv","model":"m","needed_by":"12h",
                             "budget":{"limit":1,"period":"month"}}
                            """);
            var batch = ended(made);
            assertThat(batch.path("status").asText()).isEqualTo("succeeded");
            assertThat(provider.batches()).hasSize(1);
            assertThat(provider.direct()).containsExactly("question 7");
            assertThat(batch.path("progress").path("cost").decimalValue())
                    .isEqualByComparingTo("0.021");
            var spent = server.get("/api/v1/tasks/" + made.path("id")).path("budget_status");
            assertThat(spent.toString()).contains("0.021");
        }
        var refused =
                server.ask(
                        "POST", "/api/v1/batches", "{\"input\":\"in.csv\",\"needed_by\":\"soon\"}");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.body().path("detail").asText())
                .contains("needed_by: must be an instant such as 2026-12-01T08:00:00Z, or 6h");
    }

    @Test
    void a_batch_pauses_goes_on_and_asks_nothing_twice() throws Exception {
        input("in.csv", 400);
        var asked = new ConcurrentHashMap<String, Integer>();
        var slow = new AtomicInteger(1);
        try (var provider =
                new ChatServer(
                        heard -> {
                            asked.merge(question(heard), 1, Integer::sum);
                            if (asked.size() > 100 && slow.get() == 1) {
                                pause();
                            }
                            return answer("yes");
                        })) {
            model(provider, "");
            var made = server.post("/api/v1/batches", "{\"input\":\"in.csv\",\"model\":\"m\"}");
            var path = "/api/v1/batches/" + made.path("id");
            Awaitility.await().until(() -> asked.size() > 100);
            assertThat(server.ask("POST", path + "/execute", "").status()).isEqualTo(409);
            assertThat(server.post(path + "/pause", "").path("status").asText())
                    .isEqualTo("paused");
            server.await(
                    "/api/v1/runs/" + made.path("run_id"),
                    run -> run.path("reason").asText().equals("paused"));
            int before = asked.size();
            assertThat(before).isLessThan(400);
            assertThat(server.get(path).path("progress").path("done").asInt()).isEqualTo(before);

            slow.set(0);
            server.post(path + "/resume", "");
            var batch = ended(made);
            assertThat(batch.path("status").asText()).isEqualTo("succeeded");
            assertThat(batch.path("progress").path("done").asInt()).isEqualTo(400);
            assertThat(asked).hasSize(400);
            assertThat(asked.values()).containsOnly(1);
            assertThat(server.ask("POST", path + "/resume", "").status()).isEqualTo(409);
        }
    }

    private static void await(CountDownLatch gate) {
        try {
            boolean opened = gate.await(60, TimeUnit.SECONDS);
            assertThat(opened).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void a_cancelled_batch_ends_and_another_run_begins_anew() throws Exception {
        input("in.csv", 50);
        var gate = new CountDownLatch(1);
        var asked = new AtomicInteger();
        try (var provider =
                new ChatServer(
                        _ -> {
                            if (asked.incrementAndGet() > 20) {
                                await(gate);
                            }
                            return answer("yes");
                        })) {
            model(provider, "");
            var made = server.post("/api/v1/batches", "{\"input\":\"in.csv\",\"model\":\"m\"}");
            var path = "/api/v1/batches/" + made.path("id");
            Awaitility.await().until(() -> asked.get() > 20);
            assertThat(server.post(path + "/cancel", "").path("status").asText())
                    .isEqualTo("cancelled");
            assertThat(server.file("in.results.csv")).doesNotExist();
            gate.countDown();
            assertThat(server.ask("POST", path + "/cancel", "").status()).isEqualTo(409);

            server.post(path + "/execute", "");
            var batch = ended(made);
            assertThat(batch.path("status").asText()).isEqualTo("succeeded");
            assertThat(Files.readAllLines(server.file("in.results.csv"))).hasSize(51);
            assertThat(asked.get()).isGreaterThanOrEqualTo(70);
        }
    }

    @Test
    void the_budget_of_a_batch_stops_it_and_what_was_done_is_kept() throws Exception {
        input("in.csv", 30);
        try (var provider = new ChatServer(_ -> answer("yes"))) {
            model(
                    provider,
                    ",\"prices\":{\"input\":1000,\"output\":1000},\"defaults\":{\"max_tokens\":5}");
            var made =
                    server.post(
                            "/api/v1/batches",
                            """
                            {"input":"in.csv","model":"m","max_concurrency":1,
                             "budget":{"limit":0.1,"period":"month","on_exhausted":"skip"}}
                            """);
            var batch = ended(made);
            assertThat(batch.path("status").asText()).isEqualTo("failed");
            assertThat(batch.path("reason").asText()).contains("budget");
            int done = batch.path("progress").path("done").asInt();
            assertThat(done).isBetween(5, 9);
            assertThat(batch.path("progress").path("cost").asDouble()).isLessThanOrEqualTo(0.1);
            assertThat(provider.count()).isEqualTo(done);
            assertThat(server.get("/api/v1/models/m/usage").toString())
                    .contains("\"requests\":" + done);
        }
    }

    @Test
    void a_batch_can_have_a_schedule_as_any_task() throws Exception {
        input("in.csv", 3);
        var task =
                server.post(
                        "/api/v1/tasks",
                        """
                        {"name":"every second","schedule":{"every":"1s"},
                         "action":{"batch":{"input":"in.csv","output":"out.csv","model":"echo"}}}
                        """);
        Awaitility.await().until(() -> Files.exists(server.file("out.csv")));
        var batch = server.get("/api/v1/batches/" + task.path("id"));
        assertThat(batch.path("output").asText()).isEqualTo("out.csv");
        assertThat(batch.path("next_fire_at").isTextual()).isTrue();
    }

    @Test
    void without_a_folder_for_files_there_are_no_batches() throws Exception {
        var bare = folder.resolve("bare");
        Files.createDirectory(bare);
        try (var other = WholeServer.startWithoutFiles(bare)) {
            var said =
                    other.ask(
                            "POST", "/api/v1/batches", "{\"input\":\"a.csv\",\"model\":\"echo\"}");
            assertThat(said.status()).isEqualTo(400);
            assertThat(said.body().path("detail").asText()).contains("files.root");
        }
    }

    @Test
    void a_server_that_stops_sets_its_batch_aside_for_the_next() throws Exception {
        outlast(folder.resolve("sqlite"), false);
    }

    @Test
    void a_node_that_stops_sets_its_batch_aside_for_another_on_postgresql() throws Exception {
        outlast(folder.resolve("postgres"), true);
    }

    private void outlast(Path home, boolean postgres) throws Exception {
        Files.createDirectories(home);
        server.close();
        var store = postgres ? TestPostgres.newDatabase() : new StoreSettings.Sqlite(home);
        var asked = new ConcurrentHashMap<String, Integer>();
        var slow = new CountDownLatch(1);
        try (var provider =
                new ChatServer(
                        heard -> {
                            asked.merge(question(heard), 1, Integer::sum);
                            if (asked.size() > 50 && slow.getCount() > 0) {
                                pause();
                            }
                            return answer("yes");
                        })) {
            server = WholeServer.start(home, store);
            input("in.csv", 200);
            model(provider, "");
            var made = server.post("/api/v1/batches", "{\"input\":\"in.csv\",\"model\":\"m\"}");
            Awaitility.await().until(() -> asked.size() > 50);
            server.close();
            assertThat(asked.size()).isLessThan(200);
            slow.countDown();
            server = WholeServer.start(home, store);

            var batch = ended(made);
            assertThat(batch.path("status").asText()).isEqualTo("succeeded");
            assertThat(asked).hasSize(200);
            assertThat(asked.values()).containsOnly(1);
            assertThat(Files.readAllLines(server.file("in.results.csv"))).hasSize(201);
            var run = server.get("/api/v1/runs/" + made.path("run_id"));
            assertThat(run.path("attempt").asInt()).isEqualTo(1);
        }
    }

    /// The rows under way hold the attempt up, so that it comes to its pause after it was resumed.
    @Test
    void a_batch_that_is_resumed_before_it_has_come_to_its_pause_goes_on() throws Exception {
        input("in.csv", 20);
        var released = new CountDownLatch(1);
        try (var provider =
                new ChatServer(
                        _ -> {
                            await(released);
                            return answer("yes");
                        })) {
            model(provider, "");
            var made = server.post("/api/v1/batches", "{\"input\":\"in.csv\",\"model\":\"m\"}");
            var path = "/api/v1/batches/" + made.path("id");
            server.await(path, batch -> !batch.at("/progress/at").isNull());
            var told = server.post(path + "/pause", "").at("/progress/at").asText();
            server.await(path, batch -> !batch.at("/progress/at").asText().equals(told));
            server.post(path + "/resume", "");
            released.countDown();

            assertThat(ended(made).path("progress").path("done").asInt()).isEqualTo(20);
        }
    }

    private static void pause() {
        await(new CountDownLatch(1), 100);
    }

    private static void await(CountDownLatch gate, int millis) {
        try {
            boolean opened = gate.await(millis, TimeUnit.MILLISECONDS);
            assertThat(opened).isFalse();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
