package carillon.dialect.a1base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.OffsetDateTime;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

final class A1BaseExecutionsTest extends A1BaseTest {
    private JsonNode executions(JsonNode job, String query) {
        return granted(a1base.get(path(job) + "/executions" + query));
    }

    /// Waits until the job has run, and stops it.
    private void runAtLeast(JsonNode job, int times) {
        await().until(() -> executions(job, "").at("/meta/total").asInt() >= times);
        granted(a1base.post(path(job) + "/pause"));
    }

    @Test
    void an_execution_shows_the_answer_as_the_json_that_it_is() {
        world.receiver().answer("json", "{\"status\": \"processed\", \"n\": [1]}");
        var job = everySecond("/json/200", "GET");
        runAtLeast(job, 1);

        var list = executions(job, "");
        assertThat(names(list)).containsExactly("data", "meta");
        assertThat(names(list.get("meta"))).containsExactly("total", "limit", "offset");
        var execution = list.at("/data/0");
        assertThat(names(execution))
                .containsExactly(
                        "id",
                        "cron_job_id",
                        "timestamp",
                        "status",
                        "response_code",
                        "response_time_ms",
                        "response_body");
        assertThat(execution.get("id").asText()).matches("exe_\\d+");
        assertThat(execution.get("cron_job_id")).isEqualTo(job.get("id"));
        assertThat(execution.get("timestamp").asText()).endsWith("+09:00");
        assertThat(OffsetDateTime.parse(execution.get("timestamp").asText())).isNotNull();
        assertThat(execution.get("status").asText()).isEqualTo("success");
        assertThat(execution.get("response_code").asInt()).isEqualTo(200);
        assertThat(execution.get("response_time_ms").isIntegralNumber()).isTrue();
        assertThat(execution.at("/response_body/n/0").asInt()).isEqualTo(1);
    }

    @Test
    void an_answer_that_is_no_json_is_a_string() {
        var job = everySecond("/text/200", "DELETE");
        runAtLeast(job, 1);

        assertThat(executions(job, "").at("/data/0/response_body").textValue()).isEqualTo("OK");
        assertThat(world.receiver().hits("text").getFirst().method()).isEqualTo("DELETE");
    }

    @Test
    void a_failed_execution_has_an_error_and_no_body() {
        var job = everySecond("/broken/500", "POST");
        runAtLeast(job, 1);

        var execution = executions(job, "").at("/data/0");
        assertThat(execution.get("status").asText()).isEqualTo("failed");
        assertThat(execution.get("response_code").asInt()).isEqualTo(500);
        assertThat(execution.get("error").asText()).isNotEmpty();
        assertThat(execution.has("response_body")).isFalse();
        var last = granted(a1base.get(path(job))).get("last_execution");
        assertThat(last.get("status").asText()).isEqualTo("failed");
    }

    @Test
    void executions_are_filtered_and_paged_newest_first() {
        var job = everySecond("/turns/200", "GET");
        runAtLeast(job, 1);
        granted(
                a1base.patch(
                        path(job),
                        "{\"endpoint_url\": \"%s\"}"
                                .formatted(world.receiver().url("/turns/500"))));
        granted(a1base.post(path(job) + "/resume"));
        await().until(() -> total(job, "?status=failed") >= 1);
        granted(a1base.post(path(job) + "/pause"));

        var all = executions(job, "?limit=100");
        assertThat(all.at("/data/0/status").asText()).isEqualTo("failed");
        assertThat(all.get("data").findValuesAsText("timestamp"))
                .isSortedAccordingTo(Comparator.reverseOrder());
        assertThat(total(job, "?status=success") + total(job, "?status=failed"))
                .isEqualTo(all.at("/meta/total").asInt());
        var succeeded = executions(job, "?status=success");
        assertThat(succeeded.get("data").findValuesAsText("status")).containsOnly("success");
        assertThat(executions(job, "?limit=1&offset=1").at("/data/0")).isEqualTo(all.at("/data/1"));
        for (var query : List.of("status=running", "limit=1000", "offset=x")) {
            var error =
                    refused(
                            a1base.get(path(job) + "/executions?" + query),
                            400,
                            "validation_error");
            assertThat(names(error.get("details")))
                    .containsExactly(query.substring(0, query.indexOf('=')));
        }
    }

    private int total(JsonNode job, String query) {
        return executions(job, query).at("/meta/total").asInt();
    }

    @Test
    void a_job_shows_its_last_execution_once_there_is_one() {
        var job = everySecond("/last/200", "GET");
        assertThat(job.has("last_execution")).isFalse();
        runAtLeast(job, 1);

        var last = granted(a1base.get(path(job))).get("last_execution");
        assertThat(names(last))
                .containsExactly("timestamp", "status", "response_code", "response_time_ms");
        var newest = executions(job, "").at("/data/0");
        for (var field : names(last)) {
            assertThat(last.get(field)).isEqualTo(newest.get(field));
        }
    }

    @Test
    void a_body_is_sent_as_json() {
        var job =
                create(
                        """
                        {"endpoint_url": "%s", "frequency": "custom", "timezone": "UTC",
                         "custom_schedule": "* * * * * *", "method": "PUT",
                         "headers": {"X-Kind": "k"}, "body": {"a": {"b": [1, 2.50, "é"]}}}
                        """
                                .formatted(world.receiver().url("/sent/200")));
        runAtLeast(job, 1);

        var hit = world.receiver().hits("sent").getFirst();
        assertThat(hit.method()).isEqualTo("PUT");
        assertThat(hit.body()).isEqualTo("{\"a\":{\"b\":[1,2.50,\"é\"]}}");
        assertThat(hit.headers())
                .containsEntry("content-type", "application/json")
                .containsEntry("x-kind", "k");
    }
}
