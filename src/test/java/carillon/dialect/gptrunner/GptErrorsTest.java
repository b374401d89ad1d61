package carillon.dialect.gptrunner;

import static org.assertj.core.api.Assertions.assertThat;

import carillon.dialect.World;
import carillon.json.Json;
import carillon.web.Refusal;
import carillon.web.WebSettings;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class GptErrorsTest extends GptRunnerTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {"model":"echo"}                                         | prompt
                    {"prompt":"","model":"echo"}                             | prompt
                    {"prompt":5,"model":"echo"}                              | prompt
                    {"prompt":"x","model":5}                                 | model
                    {"prompt":"x","model":""}                                | model
                    {"prompt":"x","model":"echo","temperature":2.1}          | temperature
                    {"prompt":"x","model":"echo","temperature":"hot"}        | temperature
                    {"prompt":"x","model":"echo","maxTokens":0}              | maxTokens
                    {"prompt":"x","model":"echo","maxTokens":4097}           | maxTokens
                    {"prompt":"x","model":"echo","maxTokens":1.5}            | maxTokens
                    {"prompt":"x","model":"echo","metadata":[]}              | metadata
                    {"prompt":"x","model":"echo","id":"a b"}                 | id
                    {"prompt":"x","model":"echo","id":7}                     | id
                    {"prompt":"x","model":"echo","batchId":""}               | batchId
                    {"prompt":"x","model":"echo","idempotencyKey":""}        | idempotencyKey
                    {"prompt":"x","model":"echo","isDryRun":"yes"}           | isDryRun
                    {"messages":[],"model":"echo"}                           | messages
                    {"messages":"x","model":"echo"}                          | messages
                    {"messages":[{"role":"boss","content":"x"}],"model":"echo"}| messages[0].role
                    {"messages":[{"role":"user"}],"model":"echo"}            | messages[0].content
                    """)
    void a_bad_field_is_told_by_its_name(String body, String field) {
        assertThat(names(refused(gpt.post(TASKS, body), 400, "VALIDATION_ERROR")))
                .containsExactly(field);
    }

    @Test
    void all_bad_fields_are_told_at_once_and_unknown_ones_are_ignored() {
        var body = "{\"model\": 5, \"temperature\": 9, \"colour\": \"red\"}";
        assertThat(names(refused(gpt.post(TASKS, body), 400, "VALIDATION_ERROR")))
                .containsExactlyInAnyOrder("prompt", "model", "temperature");
        create("{\"prompt\": \"x\", \"model\": \"echo\", \"colour\": \"red\"}");
    }

    @Test
    void a_model_that_is_not_configured_is_not_supported() {
        var body = "{\"id\": \"m\", \"prompt\": \"x\", \"model\": \"claude-x\"}";
        assertThat(names(refused(gpt.post(TASKS, body), 400, "MODEL_NOT_SUPPORTED")))
                .containsExactly("model");
        create(body.replace("claude-x", "echo"));
        refused(gpt.patch(TASKS + "/m", "{\"model\": \"none\"}"), 400, "MODEL_NOT_SUPPORTED");
        assertThat(task("m").get("model").asText()).isEqualTo("echo");
    }

    @Test
    void bad_bodies_are_refused() {
        for (var body : List.of("{", "[]", "5", "{\"a\": 1} x")) {
            refused(gpt.post(TASKS, body), 400, "VALIDATION_ERROR");
        }
        refused(gpt.post(TASKS), 400, "VALIDATION_ERROR");
        var large = "{\"prompt\": \"" + "x".repeat(1024 * 1024) + "\"}";
        refused(gpt.post(TASKS, large), 413, "PAYLOAD_TOO_LARGE");
    }

    @Test
    void a_task_that_does_not_exist_is_not_found() {
        for (var id : List.of("none", "task-1", "task-01", "task-x", "sched-1")) {
            var path = TASKS + "/" + id;
            refused(gpt.get(path), 404, "TASK_NOT_FOUND");
            refused(gpt.patch(path, "{}"), 404, "TASK_NOT_FOUND");
            refused(gpt.delete(path), 404, "TASK_NOT_FOUND");
            refused(gpt.post(path + "/execute"), 404, "TASK_NOT_FOUND");
        }
    }

    @Test
    void unknown_paths_and_methods_are_refused() {
        refused(gpt.get("/"), 404, "NOT_FOUND");
        refused(gpt.get("/api/v1/none"), 404, "NOT_FOUND");
        refused(gpt.send("PUT", TASKS, "{}"), 405, "METHOD_NOT_ALLOWED");
        assertThat(gpt.get(TASKS + "/").status()).isEqualTo(200);
    }

    @Test
    void a_key_is_needed_and_must_be_allowed_to() {
        create("{\"id\": \"mine\", \"prompt\": \"x\", \"model\": \"echo\"}");
        refused(gpt.withoutKey().get(TASKS), 401, "UNAUTHORIZED");
        refused(gpt.withKey("stranger").get(TASKS), 401, "UNAUTHORIZED");
        var viewer = gpt.withKey("view");
        granted(viewer.get(TASKS + "/mine"));
        refused(viewer.post(TASKS, "{}"), 403, "FORBIDDEN");
        refused(viewer.patch(TASKS + "/mine", "{}"), 403, "FORBIDDEN");
        refused(viewer.delete(TASKS + "/mine"), 403, "FORBIDDEN");
        refused(viewer.post(TASKS + "/mine/execute"), 403, "FORBIDDEN");
        granted(gpt.withKey("operate").post(TASKS + "/mine/execute"));
    }

    @Test
    void answers_tell_the_limit_and_a_flood_is_refused(@TempDir Path folder) throws Exception {
        var loopback = WebSettings.loopback();
        var settings =
                new WebSettings(loopback.main(), Map.of(), OptionalInt.of(3), loopback.limits());
        try (var limited = new World(folder, settings, Optional.empty())) {
            var client = limited.gptRunner();
            var first = client.get(TASKS);
            granted(first);
            assertThat(first.headers().firstValue("X-RateLimit-Limit")).hasValue("3");
            assertThat(first.headers().firstValue("X-RateLimit-Remaining")).hasValue("2");
            assertThat(first.headers().firstValue("X-RateLimit-Reset")).isPresent();
            assertThat(first.headers().firstValue("X-Request-ID")).isPresent();
            var missing = client.get(TASKS + "/none");
            refused(missing, 404, "TASK_NOT_FOUND");
            assertThat(missing.headers().firstValue("X-RateLimit-Remaining")).hasValue("1");
            client.get(TASKS);
            var flood = client.get(TASKS);
            refused(flood, 429, "QUOTA_EXCEEDED");
            assertThat(flood.headers().firstValue("Retry-After")).isPresent();
        }
    }

    @Test
    void a_store_that_is_gone_is_an_internal_error(@TempDir Path folder) throws Exception {
        try (var broken = new World(folder)) {
            granted(broken.gptRunner().get(TASKS));
            broken.loseDatabase();
            refused(broken.gptRunner().get(TASKS), 500, "INTERNAL_ERROR");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "MALFORMED_JSON, VALIDATION_ERROR, 400",
        "INVALID, VALIDATION_ERROR, 400",
        "UNAUTHORIZED, UNAUTHORIZED, 401",
        "FORBIDDEN, FORBIDDEN, 403",
        "NOT_FOUND, NOT_FOUND, 404",
        "METHOD_NOT_ALLOWED, METHOD_NOT_ALLOWED, 405",
        "CONFLICT, CONFLICT, 409",
        "PRECONDITION_FAILED, CONFLICT, 412",
        "TOO_LARGE, PAYLOAD_TOO_LARGE, 413",
        "UNSUPPORTED_MEDIA_TYPE, UNSUPPORTED_MEDIA_TYPE, 415",
        "TOO_MANY_REQUESTS, QUOTA_EXCEEDED, 429",
        "INTERNAL, INTERNAL_ERROR, 500",
        "STORE, INTERNAL_ERROR, 500",
        "UNAVAILABLE, SERVICE_UNAVAILABLE, 503",
        "NO_SPACE, SERVICE_UNAVAILABLE, 507"
    })
    void every_refusal_has_a_code(Refusal.Kind kind, String code, int status) {
        var answer = new Envelope(() -> Instant.EPOCH).refuse(Refusal.of(kind, "why"));

        assertThat(answer.status()).isEqualTo(status);
        var documented =
                """
                {"success": false, "error": {"code": "%s", "message": "why", "details": {}},
                 "timestamp": "1970-01-01T00:00:00.000Z"}
                """
                        .formatted(code);
        assertThat((ObjectNode) answer.body()).isEqualTo(Json.read(documented));
    }
}
