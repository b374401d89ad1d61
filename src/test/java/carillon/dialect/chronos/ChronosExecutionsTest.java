package carillon.dialect.chronos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import carillon.dialect.Client.Reply;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class ChronosExecutionsTest extends ChronosTest {
    private JsonNode trigger(String path) {
        return granted(chronos.post(path + "/trigger"));
    }

    private JsonNode executions(String path, String query) {
        return granted(chronos.get(path + "/executions" + query));
    }

    @Test
    void a_trigger_answers_with_the_execution_when_it_has_ended() {
        var path = newJob("/ok/200");

        var execution = trigger(path);
        assertThat(execution.get("id").asText()).matches("exec-[0-9a-f-]{36}");
        assertThat(path).endsWith(execution.get("job_id").asText());
        assertThat(execution.get("status").asText()).isEqualTo("success");
        assertThat(execution.get("attempts").asInt()).isEqualTo(1);
        assertThat(execution.get("status_code").asInt()).isEqualTo(200);
        assertThat(execution.get("response").asText()).isEqualTo("OK");
        assertThat(execution.has("error")).isFalse();
        var took =
                Duration.between(
                        Instant.parse(execution.get("started_at").asText()),
                        Instant.parse(execution.get("completed_at").asText()));
        assertThat(execution.get("duration").isIntegralNumber()).isTrue();
        assertThat(execution.get("duration").longValue()).isEqualTo(took.toNanos());
    }

    @Test
    void an_execution_shows_every_field_of_the_document() {
        var path = newJob("/ok/200");
        var triggered = trigger(path);

        var listed = executions(path, "?limit=20");
        assertThat(listed.get("total").asInt()).isEqualTo(1);
        assertThat(names(listed.at("/executions/0")))
                .contains(
                        "id",
                        "job_id",
                        "job_name",
                        "scheduled_time",
                        "started_at",
                        "completed_at",
                        "status",
                        "attempts",
                        "status_code",
                        "response",
                        "duration",
                        "node_id");
        assertThat(listed.at("/executions/0/job_name").asText()).isEqualTo("job");
        assertThat(listed.at("/executions/0/node_id").asText()).isEqualTo("node-1");
        assertThat(listed.at("/executions/0")).isEqualTo(triggered);
        var id = triggered.get("id").asText();
        assertThat(granted(chronos.get(path + "/executions/" + id))).isEqualTo(triggered);
    }

    @Test
    void a_webhook_that_fails_is_tried_again_and_then_told() {
        var retry = ", \"retry_policy\": {\"max_attempts\": 3, \"initial_interval\": \"1ms\"}";
        var path = newJob("/broken/503", retry);

        var execution = trigger(path);
        assertThat(execution.get("status").asText()).isEqualTo("failed");
        assertThat(execution.get("attempts").asInt()).isEqualTo(3);
        assertThat(execution.get("status_code").asInt()).isEqualTo(503);
        assertThat(execution.get("error").asText()).isNotEmpty();
        assertThat(world.receiver().hits("broken")).hasSize(3);
        var refusing = newJob("/refusing/404", retry);
        assertThat(trigger(refusing).get("attempts").asInt()).isEqualTo(1);
    }

    @Test
    void success_codes_decide_what_a_success_is() {
        var codes = "\"success_codes\": [404]";
        var body = body("/absent/404", "").replace("\"method\"", codes + ", \"method\"");
        var path = JOBS + "/" + create(body).get("id").asText();

        assertThat(trigger(path).get("status").asText()).isEqualTo("success");
    }

    @Test
    void executions_are_paged_newest_first() {
        var path = newJob("/ok/200");
        for (int i = 0; i < 23; i++) {
            trigger(path);
        }
        var newest = trigger(path).get("id").asText();

        var listed = executions(path, "");
        assertThat(listed.get("executions")).hasSize(20);
        assertThat(listed.get("total").asInt()).isEqualTo(24);
        assertThat(listed.at("/executions/0/id").asText()).isEqualTo(newest);
        assertThat(executions(path, "?limit=1000").get("executions")).hasSize(24);
        assertThat(executions(path, "?limit=5&offset=22").get("executions")).hasSize(2);
        for (var junk : new String[] {"0", "-1", "x", "", "99999999999"}) {
            assertThat(executions(path, "?limit=" + junk).get("executions")).hasSize(20);
        }
        assertThat(executions(path, "?limit=1&offset=1").at("/executions/0"))
                .isEqualTo(listed.at("/executions/1"));
    }

    @Test
    void an_execution_is_found_under_its_own_job_only() {
        var path = newJob("/ok/200");
        var other = newJob("/ok/200");
        var id = trigger(path).get("id").asText();

        for (var missing :
                new String[] {
                    other + "/executions/" + id,
                    path + "/executions/exec-550e8400-e29b-41d4-a716-446655440000",
                    path + "/executions/7"
                }) {
            refused(chronos.get(missing), 404, "NOT_FOUND", "Execution not found");
            refused(chronos.post(missing + "/replay"), 404, "NOT_FOUND", "Execution not found");
        }
    }

    @Test
    void a_replay_runs_what_the_original_ran() {
        var path = newJob("/before/200");
        var original = trigger(path).get("id").asText();
        granted(chronos.put(path, body("/after/200", "")));

        var replay = granted(chronos.post(path + "/executions/" + original + "/replay"), 202);
        assertThat(names(replay))
                .containsExactly("replay_execution_id", "original_execution_id", "message");
        assertThat(replay.get("original_execution_id").asText()).isEqualTo(original);
        assertThat(replay.get("message").asText()).isEqualTo("Execution replay triggered");
        var id = replay.get("replay_execution_id").asText();
        assertThat(id).isNotEqualTo(original);
        await().untilAsserted(
                        () -> {
                            var again = granted(chronos.get(path + "/executions/" + id));
                            assertThat(again.get("status").asText()).isEqualTo("success");
                        });
        assertThat(world.receiver().hits("before")).hasSize(2);
        assertThat(world.receiver().hits("after")).isEmpty();
    }

    @Test
    void forbid_leaves_a_skipped_execution() {
        var path = newJob("/forbids/200", ", \"concurrency\": \"forbid\"");
        var gate = world.receiver().hold("forbids");
        var first = CompletableFuture.supplyAsync(() -> chronos.post(path + "/trigger"));
        await().until(() -> !world.receiver().hits("forbids").isEmpty());

        var second = trigger(path);
        assertThat(second.get("status").asText()).isEqualTo("skipped");
        assertThat(second.get("attempts").asInt()).isZero();
        assertThat(second.get("error").asText()).isNotEmpty();
        assertThat(second.has("duration")).isFalse();
        var running = executions(path, "").at("/executions/1");
        assertThat(running.get("status").asText()).isEqualTo("running");
        assertThat(running.has("completed_at")).isFalse();
        gate.countDown();
        assertThat(granted(first.join()).get("status").asText()).isEqualTo("success");
        assertThat(world.receiver().hits("forbids")).hasSize(1);
    }

    @Test
    void replace_cancels_the_execution_before() {
        var path = newJob("/replaces/200", ", \"concurrency\": \"replace\"");
        var gate = world.receiver().hold("replaces");
        var first = CompletableFuture.supplyAsync(() -> chronos.post(path + "/trigger"));
        await().until(() -> world.receiver().hits("replaces").size() == 1);
        var second = CompletableFuture.supplyAsync(() -> chronos.post(path + "/trigger"));

        var replaced = granted(first.join());
        gate.countDown();
        assertThat(replaced.get("status").asText()).isEqualTo("failed");
        assertThat(replaced.get("error").asText()).contains("cancelled");
        assertThat(granted(second.join()).get("status").asText()).isEqualTo("success");
    }

    @Test
    void allow_lets_executions_overlap() {
        var path = newJob("/allows/200", ", \"concurrency\": \"allow\"");
        var gate = world.receiver().hold("allows");
        var first = CompletableFuture.supplyAsync(() -> chronos.post(path + "/trigger"));
        var second = CompletableFuture.supplyAsync(() -> chronos.post(path + "/trigger"));

        await().until(() -> world.receiver().hits("allows").size() == 2);
        gate.countDown();
        for (Reply reply : new Reply[] {first.join(), second.join()}) {
            assertThat(granted(reply).get("status").asText()).isEqualTo("success");
        }
    }

    @Test
    void an_enabled_job_fires_at_its_times() {
        var body = body("/fires/200", ", \"enabled\": true").replace("0 0 1 1 *", "* * * * * *");
        var path = JOBS + "/" + create(body).get("id").asText();

        await().until(() -> !world.receiver().hits("fires").isEmpty());
        await().untilAsserted(
                        () -> {
                            var total = executions(path, "").get("total").asInt();
                            var oldest = executions(path, "?limit=1&offset=" + (total - 1));
                            assertThat(oldest.at("/executions/0/status").asText())
                                    .isEqualTo("success");
                            assertThat(oldest.at("/executions/0/scheduled_time").asText())
                                    .matches("[0-9T:-]{19}Z");
                        });
        assertThat(granted(chronos.delete(path)).get("id").asText()).isNotEmpty();
    }

    @Test
    void the_webhook_is_told_which_execution_it_is() {
        var path = newJob("/stamped/200");
        var execution = trigger(path);

        var hit = world.receiver().hits("stamped").getFirst();
        assertThat(hit.method()).isEqualTo("POST");
        assertThat(hit.headers())
                .containsEntry("x-chronos-job-id", execution.get("job_id").asText())
                .containsEntry("x-chronos-execution-id", execution.get("id").asText())
                .containsEntry("x-chronos-attempt", "1")
                .containsKey("webhook-id");
        var scheduled = Instant.parse(hit.headers().get("x-chronos-scheduled-time"));
        assertThat(scheduled)
                .isBeforeOrEqualTo(Instant.parse(execution.get("started_at").asText()));
    }

    @Test
    void a_trigger_waits_for_25_seconds_and_then_tells_how_things_stand() {
        var path = newJob("/endless/200");
        var gate = world.receiver().hold("endless");
        var triggered = CompletableFuture.supplyAsync(() -> chronos.post(path + "/trigger"));
        await().until(
                        () ->
                                executions(path, "")
                                        .at("/executions/0/status")
                                        .asText()
                                        .equals("running"));
        world.hurry(Duration.ofSeconds(24));
        await().during(Duration.ofMillis(400)).until(() -> !triggered.isDone());
        world.hurry(Duration.ofSeconds(26));

        var execution = granted(triggered.join());
        assertThat(execution.get("status").asText()).isEqualTo("running");
        assertThat(execution.has("completed_at")).isFalse();
        world.hurry(Duration.ZERO);
        gate.countDown();
        var id = execution.get("id").asText();
        await().until(
                        () ->
                                granted(chronos.get(path + "/executions/" + id))
                                        .get("status")
                                        .asText()
                                        .equals("success"));
    }

    @Test
    void fire_times_of_a_disabled_job_are_skipped_executions() {
        var every = "* * * * * *";
        var enabled = ", \"enabled\": true";
        var ticking = create(body("/ticks/200", enabled).replace("0 0 1 1 *", every));
        var job = create(body("/sleeps/200", enabled).replace("0 0 1 1 *", every));
        var path = JOBS + "/" + job.get("id").asText();
        granted(chronos.post(path + "/disable"));
        int ticks = world.receiver().hits("ticks").size();
        await().until(() -> world.receiver().hits("ticks").size() >= ticks + 3);
        granted(chronos.put(path, body("/sleeps/200", enabled)));

        var skipped = executions(path, "").at("/executions/0");
        assertThat(skipped.get("status").asText()).isEqualTo("skipped");
        assertThat(skipped.get("error").asText()).contains("paused").contains(" times)");
        assertThat(skipped.get("attempts").asInt()).isZero();
        granted(chronos.delete(path));
        granted(chronos.delete(JOBS + "/" + ticking.get("id").asText()));
    }
}
