package carillon.api;

import static org.assertj.core.api.Assertions.assertThat;

import carillon.json.Json;
import carillon.web.RawClient;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60) // A stream that says nothing fails its test and does not hang the build.
final class NativeApiTest {
    private static final String DAILY =
            """
            {"name":"Report","description":"Every morning","paused":false,
             "schedule":{"cron":"0 9 * * *","timezone":"Europe/Berlin"},
             "action":{"http":{"url":"https://example.com/hook","method":"POST",
               "headers":{"Authorization":"Bearer hush","X-A":"1"},"body":"{}","secret":"hush"}},
             "retry":{"attempts":3,"initial":"1s","max":"1m"},"timeout":"30s",
             "concurrency":"forbid","tags":{"team":"blue"}}
            """;

    @TempDir Path directory;
    private NativeServer server;

    @BeforeEach
    void start() {
        server = new NativeServer(directory);
    }

    @AfterEach
    void stop() throws InterruptedException {
        server.close();
    }

    static List<String> texts(JsonNode array, String field) {
        var texts = new ArrayList<String>();
        array.forEach(item -> texts.add(item.path(field).asText()));
        return texts;
    }

    @Test
    void a_task_is_made_shown_listed_changed_and_deleted() throws Exception {
        var made = server.post("/api/v1/tasks", DAILY);
        assertThat(made.status()).isEqualTo(201);
        var id = made.body().path("id");
        assertThat(id.isIntegralNumber()).isTrue();
        var path = "/api/v1/tasks/" + id;
        assertThat(made.header("Location")).isEqualTo(path);
        assertThat(made.header("ETag")).isEqualTo("\"1\"");
        assertThat(made.body().path("origin").asText()).isEqualTo("native");
        assertThat(made.body().path("next_fire_at").asText()).matches(".*T0[78]:00:00Z");
        assertThat(made.body().path("schedule_description").asText()).contains("09:00");
        assertThat(made.raw().body()).doesNotContain("hush").contains("\"***\"");

        assertThat(server.get(path).body()).isEqualTo(made.body());
        assertThat(server.get(path + "/").body()).isEqualTo(made.body());
        assertThat(server.get("/api/v1/tasks?q=REPORT").body().path("data").size()).isOne();
        assertThat(server.get("/api/v1/tasks?q=other").body().path("data").size()).isZero();

        var put = server.put(path, made.raw().body().replace("Every morning", "Changed"));
        assertThat(put.status()).isEqualTo(200);
        assertThat(put.body().path("version").asInt()).isEqualTo(2);
        assertThat(put.body().path("description").asText()).isEqualTo("Changed");

        var deleted = server.delete(path);
        assertThat(deleted.body())
                .isEqualTo(Json.read("{\"id\":%s,\"deleted\":true}".formatted(id)));
        assertThat(server.get(path).status()).isEqualTo(404);
        assertThat(server.delete(path).status()).isEqualTo(404);
    }

    @Test
    void pausing_makes_no_version_and_a_put_that_only_pauses_makes_none_either() throws Exception {
        var path = server.task("a", ",\"schedule\":{\"every\":\"1h\"}");
        var paused = server.post(path + "/pause", "");
        assertThat(paused.body().path("paused").asBoolean()).isTrue();
        assertThat(paused.body().path("next_fire_at").isNull()).isTrue();
        assertThat(server.post(path + "/pause", "{}").status()).isEqualTo(200);
        assertThat(server.post(path + "/resume", "").body().path("paused").asBoolean()).isFalse();
        var body = server.get(path).raw().body().replace("\"paused\":false", "\"paused\":true");
        var put = server.put(path, body);
        assertThat(put.body().path("paused").asBoolean()).isTrue();
        assertThat(put.body().path("version").asInt()).isOne();
        assertThat(server.put(path, body).body().path("version").asInt()).isEqualTo(2);
        assertThat(server.get("/api/v1/tasks?paused=true").body().path("data").size()).isOne();
        assertThat(server.get("/api/v1/tasks?paused=false").body().path("data").size()).isZero();
    }

    @Test
    void if_match_holds_a_change_to_the_version_that_was_seen() throws Exception {
        var path = server.task("a", "");
        var body = "{\"name\":\"b\",\"action\":{\"nothing\":{}}}";
        assertThat(server.put(path, body, "If-Match", "\"1\"").header("ETag")).isEqualTo("\"2\"");
        for (var stale : List.of("\"1\"", "\"9\"", "1", "W/\"2\"", "")) {
            var refused = server.put(path, body, "If-Match", stale);
            assertThat(refused.status()).as(stale).isEqualTo(412);
        }
        assertThat(server.put(path, body, "If-Match", "*").status()).isEqualTo(200);
        assertThat(server.put(path, body, "If-Match", "\"1\", \"3\"").status()).isEqualTo(200);
        assertThat(server.get(path).body().path("version").asInt()).isEqualTo(4);
    }

    @Test
    void masked_secrets_sent_back_stay_but_not_for_another_host() throws Exception {
        var made = server.post("/api/v1/tasks", DAILY);
        var path = made.header("Location");
        var shown = made.raw().body();
        assertThat(server.put(path, shown).status()).isEqualTo(200);
        var elsewhere = server.put(path, shown.replace("example.com", "evil.example"));
        assertThat(elsewhere.status()).isEqualTo(400);
        assertThat(server.get(path).body().path("version").asInt()).isEqualTo(2);
    }

    @Test
    void versions_are_listed_newest_first_and_can_be_rolled_back_to() throws Exception {
        var path = server.task("one", "");
        server.put(path, "{\"name\":\"two\",\"action\":{\"nothing\":{}}}");
        var back = server.post(path + "/rollback/1", "");
        assertThat(back.status()).isEqualTo(200);
        assertThat(back.body().path("name").asText()).isEqualTo("one");
        assertThat(back.header("ETag")).isEqualTo("\"3\"");
        var versions = server.get(path + "/versions").body().path("data");
        assertThat(texts(versions, "version")).containsExactly("3", "2", "1");
        assertThat(versions.get(0).path("rolled_back_from").asInt()).isOne();
        assertThat(versions.get(1).path("definition").path("name").asText()).isEqualTo("two");
        assertThat(versions.get(0).path("created_by").asText()).isEqualTo("administer");
        assertThat(server.get(path + "/versions/2").status()).isEqualTo(200);
        for (var wrong : List.of("9", "0", "x", "99999999999999999999")) {
            assertThat(server.get(path + "/versions/" + wrong).status()).isEqualTo(404);
            assertThat(server.post(path + "/rollback/" + wrong, "").status()).isEqualTo(404);
        }
        var page = server.get(path + "/versions?limit=2").body();
        var rest = server.get(path + "/versions?cursor=" + page.path("next_cursor").asText());
        assertThat(texts(rest.body().path("data"), "version")).containsExactly("1");
    }

    @Test
    void pages_show_everything_once_and_end() throws Exception {
        for (int i = 0; i < 7; i++) {
            server.task("t" + i, "");
        }
        var names = new ArrayList<String>();
        var path = "/api/v1/tasks?limit=3";
        var page = server.get(path).body();
        for (int pages = 1; ; pages++) {
            names.addAll(texts(page.path("data"), "name"));
            if (page.path("next_cursor").isNull()) {
                assertThat(pages).isEqualTo(3);
                break;
            }
            page = server.get(path + "&cursor=" + page.path("next_cursor").asText()).body();
        }
        assertThat(names).containsExactly("t6", "t5", "t4", "t3", "t2", "t1", "t0");
    }

    @Test
    void executing_answers_the_run_and_waits_for_its_end_when_asked() throws Exception {
        var path = server.task("quick", "");
        var made = server.post(path + "/execute?wait=10s", "");
        assertThat(made.status()).isEqualTo(201);
        var run = made.body();
        assertThat(run.path("state").asText()).isEqualTo("SUCCEEDED");
        assertThat(run.path("trigger").asText()).isEqualTo("MANUAL");
        assertThat(run.path("lateness_ms").isIntegralNumber()).isTrue();
        assertThat(run.path("output").path("body").asText()).isEqualTo("done");
        assertThat(fieldNames(run))
                .containsExactlyInAnyOrder(
                        "id",
                        "task_id",
                        "task_version",
                        "trigger",
                        "fire_time",
                        "due_at",
                        "state",
                        "reason",
                        "attempt",
                        "max_attempts",
                        "started_at",
                        "finished_at",
                        "lateness_ms",
                        "node",
                        "output",
                        "error",
                        "tokens",
                        "cost",
                        "parent_id");
        var location = made.header("Location");
        assertThat(server.get(location).body()).isEqualTo(run);
        assertThat(server.get(location + "/output").body()).isEqualTo(run.path("output"));
        var attempts = server.get(location + "/attempts").body().path("data");
        assertThat(texts(attempts, "state")).containsExactly("SUCCEEDED");
        var listed = server.get(path + "/runs").body().path("data").get(0);
        assertThat(listed.path("output").isNull()).isTrue();

        var again = server.post(location + "/replay", "");
        assertThat(again.status()).isEqualTo(201);
        assertThat(again.body().path("trigger").asText()).isEqualTo("REPLAY");
        assertThat(again.body().path("parent_id")).isEqualTo(run.path("id"));
    }

    static List<String> fieldNames(JsonNode node) {
        var names = new ArrayList<String>();
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }

    @Test
    void a_failed_run_says_why() throws Exception {
        var path = server.task("fail", "");
        var run = server.post(path + "/execute?wait=10s", "").body();
        assertThat(run.path("state").asText()).isEqualTo("FAILED");
        assertThat(run.path("error").asText()).isEqualTo("HTTP 500");
        assertThat(run.path("output").isNull()).isTrue();
    }

    @Test
    void a_running_run_can_be_cancelled_once() throws Exception {
        var path = server.task("hang", "");
        var location = server.post(path + "/execute?wait=0s", "").header("Location");
        Awaitility.await()
                .untilAsserted(
                        () ->
                                assertThat(server.get(location).body().path("state").asText())
                                        .isEqualTo("RUNNING"));
        var filtered = server.get("/api/v1/runs?state=running,failed").body().path("data");
        assertThat(filtered.size()).isOne();
        var cancelled = server.post(location + "/cancel", "");
        assertThat(cancelled.body().path("state").asText()).isEqualTo("CANCELLED");
        assertThat(cancelled.body().path("reason").asText()).contains("administer");
        assertThat(server.post(location + "/cancel", "").status()).isEqualTo(409);
    }

    @Test
    void a_backfill_runs_every_fire_time_of_its_range() throws Exception {
        var path = server.task("daily", ",\"schedule\":{\"cron\":\"0 12 * * *\"}");
        var made =
                server.post(
                        path + "/backfill",
                        "{\"from\":\"2026-01-01T00:00:00Z\",\"to\":\"2026-01-04T02:00:00+02:00\"}");
        assertThat(made.status()).isEqualTo(201);
        assertThat(texts(made.body().path("data"), "fire_time"))
                .containsExactly(
                        "2026-01-01T12:00:00Z", "2026-01-02T12:00:00Z", "2026-01-03T12:00:00Z");
        assertThat(texts(made.body().path("data"), "trigger")).containsOnly("BACKFILL");
        for (var wrong :
                List.of(
                        "{}",
                        "{\"from\":\"2026-01-01T00:00:00Z\"}",
                        "{\"from\":\"x\",\"to\":\"y\"}",
                        "{\"from\":\"2026-01-02T00:00:00Z\",\"to\":\"2026-01-01T00:00:00Z\"}",
                        "{\"from\":\"1026-01-02T00:00:00Z\",\"to\":\"2026-01-01T00:00:00Z\"}",
                        "[]")) {
            assertThat(server.post(path + "/backfill", wrong).status()).as(wrong).isEqualTo(400);
        }
        var manual = server.task("manual", "");
        var range = "{\"from\":\"2026-01-01T00:00:00Z\",\"to\":\"2026-01-02T00:00:00Z\"}";
        assertThat(server.post(manual + "/backfill", range).status()).isEqualTo(400);
    }

    @Test
    void the_slot_ledger_adds_up() throws Exception {
        var path = server.task("often", ",\"schedule\":{\"every\":\"200ms\"}");
        Awaitility.await()
                .untilAsserted(
                        () -> {
                            var slots = server.get(path + "/slots?limit=2").body();
                            assertThat(slots.path("next_cursor").isNull()).isFalse();
                        });
        var slots = server.get(path + "/slots?limit=100").body();
        var ledger = slots.path("ledger");
        long sum =
                Stream.of("succeeded", "failed", "cancelled", "skipped", "missed", "open")
                        .mapToLong(name -> ledger.path(name).asLong())
                        .sum();
        assertThat(ledger.path("expected").asLong()).isEqualTo(sum).isPositive();
        var slot = slots.path("data").get(0);
        assertThat(fieldNames(slot))
                .containsExactly("fire_time", "state", "reason", "run_id", "count");
        var first = server.get(path + "/slots?limit=1").body();
        var next = server.get(path + "/slots?limit=1&cursor=" + first.path("next_cursor").asText());
        assertThat(next.body().path("data").get(0).path("fire_time"))
                .isEqualTo(slots.path("data").get(1).path("fire_time"));
        var backwards = "/slots?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z";
        assertThat(server.get(path + backwards).status()).isEqualTo(400);
        assertThat(server.get(path + "/slots?from=yesterday").body().path("errors").toString())
                .contains("\"field\":\"from\"");
    }

    @Test
    void a_preview_names_fire_times_with_local_time_offset_and_changes_of_clocks()
            throws Exception {
        var preview =
                server.post(
                        "/api/v1/schedules/preview",
                        """
                        {"schedule":{"cron":"30 2 * * *","timezone":"Europe/Berlin"},
                         "dst":{"overlap":"both"},"from":"2026-10-24T00:00:00Z","count":4}
                        """);
        assertThat(preview.status()).isEqualTo(200);
        var data = preview.body().path("data");
        assertThat(texts(data, "instant"))
                .containsExactly(
                        "2026-10-24T00:30:00Z",
                        "2026-10-25T00:30:00Z",
                        "2026-10-25T01:30:00Z",
                        "2026-10-26T01:30:00Z");
        assertThat(texts(data, "offset")).containsExactly("+02:00", "+02:00", "+01:00", "+01:00");
        assertThat(texts(data, "dst")).containsExactly("null", "overlap", "overlap", "null");
        assertThat(data.get(1).path("local").asText()).isEqualTo("2026-10-25T02:30:00");
        assertThat(preview.body().path("description").asText()).contains("02:30");
        for (var wrong :
                List.of(
                        "{}",
                        "{\"schedule\":{\"cron\":\"0 0 30 2 *\"}}",
                        "{\"schedule\":{\"every\":\"1h\"},\"count\":1001}",
                        "{\"schedule\":{\"every\":\"1h\"},\"count\":\"3\"}",
                        "{\"schedule\":{\"every\":\"1h\"},\"more\":1}",
                        "[1]")) {
            var answer = server.post("/api/v1/schedules/preview", wrong);
            assertThat(answer.status()).as(wrong).isEqualTo(400);
        }
    }

    @Test
    void the_cluster_shows_this_node_and_what_runs_next() throws Exception {
        server.task("soon", ",\"schedule\":{\"every\":\"1h\"}");
        var cluster = server.get("/api/v1/cluster").body();
        assertThat(texts(cluster.path("nodes"), "name")).containsExactly("here");
        assertThat(cluster.path("nodes").get(0).path("alive").asBoolean()).isTrue();
        assertThat(cluster.path("running").isIntegralNumber()).isTrue();
        assertThat(texts(cluster.path("next_runs"), "name")).containsExactly("soon");
    }

    @Test
    void health_needs_no_key() throws Exception {
        var raw = new RawClient(server.port());
        assertThat(raw.get("/health/live")).startsWith("HTTP/1.1 200");
        assertThat(raw.get("/health/ready")).startsWith("HTTP/1.1 200");
    }

    @Test
    void events_are_streamed_and_resumed_after_the_last_one_seen() throws Exception {
        var start = server.request("/api/v1/events?last_event_id=0&types=task.").build();
        var client = HttpClient.newHttpClient();
        var path = server.task("watched", "");
        var first = client.send(start, HttpResponse.BodyHandlers.ofLines());
        assertThat(first.headers().firstValue("Content-Type").orElse(""))
                .startsWith("text/event-stream");
        var created = nextEvent(first.body().iterator());
        assertThat(created.path("type").asText()).isEqualTo("task.created");
        first.body().close();
        server.post(path + "/pause", "");
        var id = created.path("id").asText();
        var resumed =
                client.send(
                        server.request("/api/v1/events?task_id=" + path.substring(14))
                                .header("Last-Event-ID", id)
                                .build(),
                        HttpResponse.BodyHandlers.ofLines());
        var lines = resumed.body().iterator();
        assertThat(nextEvent(lines).path("type").asText()).isEqualTo("task.paused");
        server.post(path + "/resume", "");
        assertThat(nextEvent(lines).path("type").asText()).isEqualTo("task.resumed");
        resumed.body().close();
        var junk = server.send(server.request("/api/v1/events").header("Last-Event-ID", "x"));
        assertThat(junk.status()).isEqualTo(400);
    }

    private static JsonNode nextEvent(Iterator<String> lines) {
        while (lines.hasNext()) {
            var line = lines.next();
            if (line.startsWith("data: ")) {
                return Json.read(line.substring("data: ".length()));
            }
        }
        throw new IllegalStateException("the stream has ended");
    }

    @Test
    void many_clients_at_once_lose_nothing() throws Exception {
        var ids = new HashSet<String>();
        try (var client = HttpClient.newHttpClient()) {
            var answers =
                    Stream.generate(
                                    () ->
                                            client.sendAsync(
                                                    creation(),
                                                    HttpResponse.BodyHandlers.ofString()))
                            .limit(200)
                            .toList();
            for (var answer : answers) {
                assertThat(answer.get().statusCode()).isEqualTo(201);
                ids.add(Json.read(answer.get().body()).path("id").asText());
            }
        }
        assertThat(ids).hasSize(200);
        assertThat(server.taskCount()).isEqualTo(200);
    }

    private HttpRequest creation() {
        return server.request("/api/v1/tasks")
                .POST(HttpRequest.BodyPublishers.ofString(DAILY))
                .build();
    }
}
