package carillon.dialect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import carillon.json.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// One task, seen through several APIs.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class DialectsTest {
    private static final String CHRONOS_JOBS = "/api/v1/jobs";
    private static final String A1BASE_JOBS = "/v1/cron-jobs";

    private World world;
    private Client chronos;
    private Client a1base;
    private Client nativeApi;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        world = new World(folder);
        chronos = world.chronos();
        a1base = world.a1base();
        nativeApi = world.nativeApi();
    }

    @AfterAll
    void stop() throws Exception {
        world.close();
    }

    private JsonNode newestInChronos() {
        return chronos.get(CHRONOS_JOBS + "?limit=1").at("/data/jobs/0");
    }

    private JsonNode newestInA1Base() {
        return a1base.get(A1BASE_JOBS + "?limit=1").at("/data/0");
    }

    private long nativeTask(String body) {
        var made = nativeApi.post("/tasks", body);
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        return made.at("/id").asLong();
    }

    private static long number(JsonNode job) {
        return Long.parseLong(job.get("id").asText().substring("crn_".length()));
    }

    @Test
    void a_job_made_in_chronos_is_a_custom_job_of_a1base() {
        var made =
                chronos.post(
                        CHRONOS_JOBS,
                        """
                        {"name": "from chronos", "schedule": "*/5 9-17 * * 1-5",
                         "timezone": "Europe/Berlin", "enabled": true,
                         "webhook": {"url": "https://a.example/x", "method": "PUT"}}
                        """);
        assertThat(made.status()).isEqualTo(201);

        var seen = newestInA1Base();
        assertThat(seen.get("frequency").asText()).isEqualTo("custom");
        assertThat(seen.get("custom_schedule").asText()).isEqualTo("*/5 9-17 * * 1-5");
        assertThat(seen.get("timezone").asText()).isEqualTo("Europe/Berlin");
        assertThat(seen.get("method").asText()).isEqualTo("PUT");
        assertThat(seen.get("status").asText()).isEqualTo("active");
        var task = nativeApi.get("/tasks/" + number(seen)).json();
        assertThat(task.get("origin").asText()).isEqualTo("chronos");
        assertThat(task.get("name").asText()).isEqualTo("from chronos");
        assertThat(task.at("/schedule/cron").asText()).isEqualTo("*/5 9-17 * * 1-5");
        var path = A1BASE_JOBS + "/" + seen.get("id").asText();
        assertThat(a1base.post(path + "/pause").status()).isEqualTo(200);
        assertThat(newestInChronos().get("enabled").booleanValue()).isFalse();
    }

    @Test
    void a_job_made_in_a1base_is_a_cron_job_of_chronos_and_stays_a_friendly_one() {
        var made =
                a1base.post(
                        A1BASE_JOBS,
                        """
                        {"endpoint_url": "https://a.example/y", "frequency": "weekly",
                         "time": "07:30", "day_of_week": 0, "timezone": "Asia/Tokyo",
                         "method": "GET"}
                        """);
        assertThat(made.status()).isEqualTo(201);

        var seen = newestInChronos();
        assertThat(seen.get("schedule").asText()).isEqualTo("30 7 * * 0");
        assertThat(seen.get("timezone").asText()).isEqualTo("Asia/Tokyo");
        assertThat(seen.get("name").asText()).isEqualTo("GET a.example/y");
        assertThat(seen.get("enabled").booleanValue()).isTrue();
        var task = nativeApi.get("/tasks/" + number(made.json())).json();
        assertThat(task.get("origin").asText()).isEqualTo("a1base");
        assertThat(task.at("/schedule/frequency").asText()).isEqualTo("weekly");
        var put =
                chronos.put(
                        CHRONOS_JOBS + "/" + seen.get("id").asText(),
                        Json.write(seen).replace("5m0s", "30s"));
        assertThat(put.at("/data/timeout").asText()).isEqualTo("30s");
        assertThat(newestInA1Base().get("frequency").asText()).isEqualTo("weekly");
        assertThat(newestInA1Base().get("day_of_week").asInt()).isZero();
    }

    @Test
    void a_native_task_shows_in_both_and_its_runs_too() {
        long task =
                nativeTask(
                        """
                        {"name": "native", "schedule": {"every": "1h"},
                         "action": {"http": {"url": "%s", "method": "GET"}}}
                        """
                                .formatted(world.receiver().url("/native/200")));

        var inChronos = newestInChronos();
        assertThat(inChronos.get("name").asText()).isEqualTo("native");
        assertThat(inChronos.get("schedule").asText()).isEqualTo("@every 1h");
        var inA1Base = newestInA1Base();
        assertThat(number(inA1Base)).isEqualTo(task);
        assertThat(inA1Base.get("custom_schedule").asText()).isEqualTo("@every 1h");
        var path = CHRONOS_JOBS + "/" + inChronos.get("id").asText();
        assertThat(chronos.post(path + "/trigger").at("/data/status").asText())
                .isEqualTo("success");
        var executions =
                a1base.get(A1BASE_JOBS + "/" + inA1Base.get("id").asText() + "/executions");
        assertThat(executions.at("/meta/total").asInt()).isEqualTo(1);
        assertThat(executions.at("/data/0/status").asText()).isEqualTo("success");
    }

    @Test
    void tasks_that_an_api_cannot_express_do_not_exist_for_it() {
        long chronosTotal = chronos.get(CHRONOS_JOBS).at("/data/total").asLong();
        long a1baseTotal = a1base.get(A1BASE_JOBS).at("/meta/total").asLong();

        var http = "\"action\": {\"http\": {\"url\": \"https://a.example/x\", \"method\": \"%s\"}}";
        var hourly = "\"schedule\": {\"every\": \"1h\"}";
        nativeTask("{\"name\": \"idle\", " + hourly + ", \"action\": {\"nothing\": {}}}");
        nativeTask("{\"name\": \"unscheduled\", " + http.formatted("GET") + "}");
        long patch =
                nativeTask("{\"name\": \"p\", " + hourly + "," + http.formatted("PATCH") + "}");
        var thirtieth =
                """
                "schedule": {"frequency": "monthly", "time": "09:00", "day_of_month": 30}
                """;
        long monthly =
                nativeTask("{\"name\": \"m\", " + thirtieth + "," + http.formatted("GET") + "}");

        assertThat(chronos.get(CHRONOS_JOBS).at("/data/total").asLong())
                .isEqualTo(chronosTotal + 1);
        assertThat(a1base.get(A1BASE_JOBS).at("/meta/total").asLong()).isEqualTo(a1baseTotal + 1);
        assertThat(a1base.get(A1BASE_JOBS + "/crn_" + patch).status()).isEqualTo(404);
        assertThat(a1base.delete(A1BASE_JOBS + "/crn_" + patch).status()).isEqualTo(404);
        assertThat(number(newestInA1Base())).isEqualTo(monthly);
        assertThat(newestInChronos().at("/webhook/method").asText()).isEqualTo("PATCH");
    }

    @Test
    void what_chronos_replaced_has_failed_in_a1base() {
        var body =
                """
                {"name": "n", "schedule": "@yearly", "concurrency": "replace",
                 "webhook": {"url": "%s"}}
                """
                        .formatted(world.receiver().url("/replaced/200"));
        var job = chronos.post(CHRONOS_JOBS, body).at("/data/id").asText();
        var trigger = CHRONOS_JOBS + "/" + job + "/trigger";
        var gate = world.receiver().hold("replaced");
        var first = CompletableFuture.supplyAsync(() -> chronos.post(trigger));
        await().until(() -> world.receiver().hits("replaced").size() == 1);
        var second = CompletableFuture.supplyAsync(() -> chronos.post(trigger));
        assertThat(first.join().at("/data/status").asText()).isEqualTo("failed");
        gate.countDown();
        assertThat(second.join().at("/data/status").asText()).isEqualTo("success");

        var executions = A1BASE_JOBS + "/" + newestInA1Base().get("id").asText() + "/executions";
        var failed = a1base.get(executions + "?status=failed");
        assertThat(failed.at("/meta/total").asInt()).isEqualTo(1);
        assertThat(failed.at("/data/0/error").asText()).isNotEmpty();
        assertThat(failed.at("/data/0").has("response_body")).isFalse();
        assertThat(failed.at("/data/0/response_code").isNull()).isTrue();
    }

    @Test
    void a_version_that_chronos_cannot_express_does_not_exist_for_it() {
        var once =
                """
                {"name": "n", "schedule": {"at": "2100-01-01T00:00:00Z"},
                 "action": {"http": {"url": "https://a.example/x"}}}
                """;
        long task = nativeTask(once);
        var daily = once.replace("{\"at\": \"2100-01-01T00:00:00Z\"}", "{\"cron\": \"@daily\"}");
        assertThat(nativeApi.put("/tasks/" + task, daily).status()).isEqualTo(200);

        var path = CHRONOS_JOBS + "/" + newestInChronos().get("id").asText();
        var versions = chronos.get(path + "/versions").at("/data");
        assertThat(versions.findValuesAsText("version")).containsExactly("2");
        assertThat(chronos.get(path + "/versions/1").status()).isEqualTo(404);
        assertThat(chronos.post(path + "/rollback/1").status()).isEqualTo(404);
        assertThat(chronos.post(path + "/rollback/2").status()).isEqualTo(200);
    }

    @Test
    void what_chronos_cannot_express_is_not_among_its_next_runs() {
        for (int i = 0; i < 12; i++) {
            nativeTask(
                    """
                    {"name": "idle", "schedule": {"every": "1h"}, "action": {"nothing": {}}}
                    """);
        }
        var body =
                """
                {"name": "n", "schedule": "0 0 1 1 *", "enabled": true,
                 "webhook": {"url": "https://a.example/x"}}
                """;
        var job = chronos.post(CHRONOS_JOBS, body).at("/data/id").asText();

        var next = chronos.get("/api/v1/cluster/status").at("/data/next_runs");
        var shown = chronos.get(CHRONOS_JOBS).at("/data/jobs").findValuesAsText("id");
        assertThat(next.findValuesAsText("job_id")).contains(job).isSubsetOf(shown);
    }
}
