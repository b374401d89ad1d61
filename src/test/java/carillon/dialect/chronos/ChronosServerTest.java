package carillon.dialect.chronos;

import static org.assertj.core.api.Assertions.assertThat;

import carillon.dialect.World;
import carillon.web.Authenticator;
import carillon.web.Permission;
import carillon.web.Principal;
import carillon.web.Refusal;
import carillon.web.WebSettings;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ChronosServerTest extends ChronosTest {
    @Test
    void health_needs_no_credentials() {
        var health = granted(chronos.get("/health"));

        assertThat(names(health)).containsExactly("status", "timestamp");
        assertThat(health.get("status").asText()).isEqualTo("healthy");
        assertThat(Instant.parse(health.get("timestamp").asText()))
                .isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(60));
    }

    @Test
    void metrics_count_what_is_there() {
        long before = metric("chronos_tasks");
        long enabled = metric("chronos_tasks_enabled");
        newJob("/a/200");
        newJob("/a/200", ", \"enabled\": true");

        assertThat(metric("chronos_tasks")).isEqualTo(before + 2);
        assertThat(metric("chronos_tasks_enabled")).isEqualTo(enabled + 1);
        assertThat(metric("chronos_is_leader")).isEqualTo(1);
        assertThat(metric("chronos_executions_running")).isNotNegative();
        assertThat(chronos.get("/metrics").headers().firstValue("Content-Type").orElseThrow())
                .startsWith("text/plain");
    }

    private long metric(String name) {
        var line =
                chronos.get("/metrics")
                        .text()
                        .lines()
                        .filter(each -> each.startsWith(name + " "))
                        .toList();
        assertThat(line).as(name).hasSize(1);
        return Long.parseLong(line.getFirst().substring(name.length() + 1));
    }

    @Test
    void the_cluster_tells_what_comes_next() {
        for (int hour = 0; hour < 12; hour++) {
            var body = body("/a/200", ", \"enabled\": true");
            create(body.replace("0 0 1 1 *", "%d %d * * *".formatted(60 - 5 * (hour + 1), hour)));
        }
        newJob("/a/200");

        var status = granted(chronos.get("/api/v1/cluster/status"));
        assertThat(names(status))
                .containsExactly("is_leader", "jobs_total", "running", "next_runs");
        assertThat(status.get("is_leader").booleanValue()).isTrue();
        assertThat(status.get("jobs_total")).isEqualTo(granted(chronos.get(JOBS)).get("total"));
        var next = status.get("next_runs").findValuesAsText("next_run");
        assertThat(next).hasSize(10).isSorted();
        var first = status.at("/next_runs/0/job_id").asText();
        assertThat(granted(chronos.get(JOBS + "/" + first)).get("next_run").asText())
                .isEqualTo(next.getFirst());
    }

    @Test
    void the_cluster_counts_what_runs() {
        var path = newJob("/running/200");
        var gate = world.receiver().hold("running");
        var triggered = CompletableFuture.supplyAsync(() -> chronos.post(path + "/trigger"));

        Awaitility.await()
                .until(
                        () ->
                                granted(chronos.get("/api/v1/cluster/status"))
                                                .get("running")
                                                .asInt()
                                        == 1);
        gate.countDown();
        assertThat(granted(triggered.join()).get("status").asText()).isEqualTo("success");
    }

    @Test
    void a_bad_request_is_refused_in_the_envelope() {
        refused(chronos.post(JOBS, "{\"name\""), 400, "INVALID_JSON", "");
        refused(chronos.post(JOBS), 400, "INVALID_JSON", "");
        refused(chronos.post(JOBS, "[]"), 400, "INVALID_JSON", "Invalid JSON body");
        refused(chronos.post(JOBS, "{}"), 400, "VALIDATION_ERROR", "job name is required");
        refused(
                chronos.post(JOBS, body("/a/200", ", \"timeout\": 5")),
                400,
                "INVALID_TIMEOUT",
                "timeout");
        var cron = chronos.post(JOBS, body("/a/200", "").replace("0 0 1 1 *", "0 61 * * *"));
        refused(cron, 400, "VALIDATION_ERROR", "invalid cron expression");
        assertThat(cron.at("/error/details/0/field").asText()).isEqualTo("schedule");
        var path = newJob("/a/200");
        refused(chronos.put(path, "{"), 400, "INVALID_JSON", "");
        refused(chronos.put(path, "{\"name\": 1}"), 400, "VALIDATION_ERROR", "name");
        assertThat(granted(chronos.get(path + "/versions"))).hasSize(1);
    }

    @Test
    void a_body_beyond_the_limit_is_refused_in_the_envelope() {
        var large = body("/a/200", ", \"description\": \"" + "x".repeat(1024 * 1024) + "\"");

        refused(chronos.post(JOBS, large), 413, "REQUEST_TOO_LARGE", "");
    }

    @Test
    void unknown_paths_and_methods_are_refused_in_the_envelope() {
        refused(chronos.get("/api/v1/none"), 404, "NOT_FOUND", "");
        refused(chronos.get("/"), 404, "NOT_FOUND", "");
        refused(chronos.send("PATCH", JOBS, "{}"), 405, "METHOD_NOT_ALLOWED", "");
        refused(chronos.delete("/health"), 405, "METHOD_NOT_ALLOWED", "");
        assertThat(chronos.delete(JOBS).headers().firstValue("Allow")).isPresent();
    }

    @Test
    void unknown_fields_are_ignored() {
        var job = create(body("/a/200", ", \"colour\": \"red\", \"retry_policy\": {\"x\": 1}"));

        assertThat(job.has("colour")).isFalse();
    }

    @Test
    void a_trailing_slash_changes_nothing() {
        assertThat(granted(chronos.get(JOBS + "/")).get("total"))
                .isEqualTo(granted(chronos.get(JOBS)).get("total"));
    }

    @Test
    void a_key_that_may_only_look_may_not_act() {
        var viewer = chronos.withKey("view");
        var path = newJob("/a/200");

        assertThat(granted(viewer.get(path)).get("name").asText()).isEqualTo("job");
        for (var reply :
                List.of(
                        viewer.post(JOBS, body("/a/200", "")),
                        viewer.put(path, body("/a/200", "")),
                        viewer.delete(path),
                        viewer.post(path + "/trigger"),
                        viewer.post(path + "/enable"),
                        viewer.post(path + "/rollback/1"))) {
            refused(reply, 403, "FORBIDDEN", "");
        }
    }

    @Test
    void a_store_that_is_gone_is_a_store_error(@TempDir Path folder) throws Exception {
        try (var broken = new World(folder)) {
            granted(broken.chronos().get(JOBS));
            broken.loseDatabase();
            refused(broken.chronos().get(JOBS), 500, "STORE_ERROR", "");
            refused(broken.chronos().get("/health"), 500, "STORE_ERROR", "");
        }
    }

    @Test
    void with_users_all_but_health_and_metrics_needs_one(@TempDir Path folder) throws Exception {
        Authenticator users =
                credential ->
                        credential.equals("YWRhOnB3") // ada:pw
                                ? Optional.of(new Principal("ada", Permission.EDIT))
                                : Optional.empty();
        var loopback = WebSettings.loopback();
        var settings =
                new WebSettings(
                        loopback.main(),
                        Map.of("chronos", loopback.main()),
                        loopback.requestsPerMinute(),
                        loopback.limits());
        try (var closed = new World(folder, settings, Optional.of(users))) {
            var client = closed.own("chronos");
            granted(client.get("/health"));
            assertThat(client.get("/metrics").status()).isEqualTo(200);
            refused(client.get(JOBS), 401, "UNAUTHORIZED", "");
            refused(client.withUser("ada", "guess").get(JOBS), 401, "UNAUTHORIZED", "");
            assertThat(client.get(JOBS).headers().firstValue("WWW-Authenticate").orElseThrow())
                    .startsWith("Basic");
            var ada = client.withUser("ada", "pw");
            var job = granted(ada.post(JOBS, body("/a/200", "")), 201).get("id").asText();
            var versions = granted(ada.get(JOBS + "/" + job + "/versions"));
            assertThat(versions.at("/0/created_by").asText()).isEqualTo("ada");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "MALFORMED_JSON, INVALID_JSON, 400",
        "INVALID, VALIDATION_ERROR, 400",
        "UNAUTHORIZED, UNAUTHORIZED, 401",
        "FORBIDDEN, FORBIDDEN, 403",
        "NOT_FOUND, NOT_FOUND, 404",
        "METHOD_NOT_ALLOWED, METHOD_NOT_ALLOWED, 405",
        "CONFLICT, CONFLICT, 409",
        "PRECONDITION_FAILED, CONFLICT, 412",
        "TOO_LARGE, REQUEST_TOO_LARGE, 413",
        "UNSUPPORTED_MEDIA_TYPE, UNSUPPORTED_MEDIA_TYPE, 415",
        "TOO_MANY_REQUESTS, RATE_LIMIT_EXCEEDED, 429",
        "INTERNAL, EXECUTION_ERROR, 500",
        "STORE, STORE_ERROR, 500",
        "UNAVAILABLE, EXECUTION_ERROR, 503",
        "NO_SPACE, STORE_ERROR, 507"
    })
    void every_refusal_has_a_code(Refusal.Kind kind, String code, int status) {
        var answer = Envelope.refuse(Refusal.of(kind, "why"));

        assertThat(answer.status()).isEqualTo(status);
        var error = ((ObjectNode) answer.body()).get("error");
        assertThat(error.get("code").asText()).isEqualTo(code);
        assertThat(error.get("message").asText()).isEqualTo("why");
        assertThat(error.has("details")).isFalse();
    }
}
