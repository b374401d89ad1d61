package carillon.dialect.a1base;

import static org.assertj.core.api.Assertions.assertThat;

import carillon.dialect.World;
import carillon.json.Json;
import carillon.web.Refusal;
import carillon.web.WebSettings;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class A1BaseErrorsTest extends A1BaseTest {
    @Test
    void the_documented_error_is_word_for_word() {
        var reply =
                a1base.post(
                        JOBS,
                        """
                        {"endpoint_url": "https://api.example.com/webhook", "frequency": "hourly",
                         "time": "09:00", "timezone": "America/New_York", "method": "POST"}
                        """);

        assertThat(reply.status()).isEqualTo(400);
        var documented =
                """
                {
                  "error": {
                    "code": "validation_error",
                    "message": "Invalid frequency value",
                    "details": {
                      "frequency": ["Must be one of: daily, weekly, monthly, custom"]
                    }
                  }
                }
                """;
        assertThat(reply.json()).isEqualTo(Json.read(documented));
    }

    @Test
    void bad_bodies_are_refused() {
        for (var body : List.of("{", "[]", "5", "{\"a\": 1} x")) {
            refused(a1base.post(JOBS, body), 400, "validation_error");
            refused(a1base.patch(path(daily()), body), 400, "validation_error");
        }
        refused(a1base.post(JOBS), 400, "validation_error");
        var large = "{\"endpoint_url\": \"" + "x".repeat(1024 * 1024) + "\"}";
        refused(a1base.post(JOBS, large), 413, "payload_too_large");
    }

    @Test
    void a_refused_change_changes_nothing() {
        var job = daily();

        var error =
                refused(
                        a1base.patch(path(job), "{\"time\": \"25:00\", \"method\": \"BREW\"}"),
                        400,
                        "validation_error");
        assertThat(names(error.get("details"))).containsExactlyInAnyOrder("time", "method");
        assertThat(granted(a1base.get(path(job)))).isEqualTo(job);
    }

    @Test
    void a_key_is_needed_and_must_be_allowed_to() {
        var job = daily();
        var viewer = a1base.withKey("view");

        refused(a1base.withoutKey().get(JOBS), 401, "unauthorized");
        refused(a1base.withKey("stranger").get(JOBS), 401, "unauthorized");
        assertThat(granted(viewer.get(path(job)))).isEqualTo(job);
        for (var reply :
                List.of(
                        viewer.post(JOBS, "{}"),
                        viewer.patch(path(job), "{}"),
                        viewer.delete(path(job)),
                        viewer.post(path(job) + "/pause"),
                        viewer.post(path(job) + "/resume"))) {
            refused(reply, 403, "forbidden");
        }
        var operator = a1base.withKey("operate");
        assertThat(granted(operator.post(path(job) + "/pause")).get("status").asText())
                .isEqualTo("paused");
        refused(operator.delete(path(job)), 403, "forbidden");
    }

    @Test
    void unknown_paths_and_methods_are_refused() {
        refused(a1base.get("/v1/none"), 404, "not_found");
        refused(a1base.get("/"), 404, "not_found");
        refused(a1base.send("PUT", JOBS, "{}"), 405, "method_not_allowed");
        refused(a1base.post(path(daily()) + "/executions"), 405, "method_not_allowed");
    }

    @Test
    void unknown_fields_are_ignored() {
        var job = daily();

        var changed = granted(a1base.patch(path(job), "{\"colour\": \"red\"}"));
        assertThat(changed.has("colour")).isFalse();
        assertThat(changed.get("next_execution")).isEqualTo(job.get("next_execution"));
    }

    @Test
    void a_store_that_is_gone_is_an_internal_error(@TempDir Path folder) throws Exception {
        try (var broken = new World(folder)) {
            granted(broken.a1base().get(JOBS));
            broken.loseDatabase();
            refused(broken.a1base().get(JOBS), 500, "internal_error");
        }
    }

    @Test
    void a_flood_of_requests_is_refused(@TempDir Path folder) throws Exception {
        var loopback = WebSettings.loopback();
        var settings =
                new WebSettings(loopback.main(), Map.of(), OptionalInt.of(3), loopback.limits());
        try (var limited = new World(folder, settings, Optional.empty())) {
            var client = limited.a1base();
            for (int i = 0; i < 3; i++) {
                granted(client.get(JOBS));
            }
            var reply = client.get(JOBS);
            refused(reply, 429, "rate_limit_exceeded");
            assertThat(reply.headers().firstValue("Retry-After")).isPresent();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "MALFORMED_JSON, validation_error, 400",
        "INVALID, validation_error, 400",
        "UNAUTHORIZED, unauthorized, 401",
        "FORBIDDEN, forbidden, 403",
        "NOT_FOUND, not_found, 404",
        "METHOD_NOT_ALLOWED, method_not_allowed, 405",
        "CONFLICT, conflict, 409",
        "PRECONDITION_FAILED, conflict, 412",
        "TOO_LARGE, payload_too_large, 413",
        "UNSUPPORTED_MEDIA_TYPE, unsupported_media_type, 415",
        "TOO_MANY_REQUESTS, rate_limit_exceeded, 429",
        "INTERNAL, internal_error, 500",
        "STORE, internal_error, 500",
        "UNAVAILABLE, service_unavailable, 503",
        "NO_SPACE, insufficient_storage, 507"
    })
    void every_refusal_has_a_code(Refusal.Kind kind, String code, int status) {
        var answer = Failures.answer(Refusal.of(kind, "why"));

        assertThat(answer.status()).isEqualTo(status);
        var error = ((ObjectNode) answer.body()).get("error");
        assertThat(error.get("code").asText()).isEqualTo(code);
        assertThat(error.get("message").asText()).isEqualTo("why");
        assertThat(error.has("details")).isFalse();
    }
}
