package carillon.dialect.chronos;

import static org.assertj.core.api.Assertions.assertThat;

import carillon.dialect.Client.Reply;
import carillon.json.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class ChronosJobsTest extends ChronosTest {
    private static final String FOREIGN = "550e8400-e29b-41d4-a716-446655440000";

    /// The body of the document's "Create Job", word for word.
    private static final String DOCUMENTED =
            """
            {
              "name": "daily-report",
              "description": "Generate daily report",
              "schedule": "0 9 * * *",
              "timezone": "America/New_York",
              "webhook": {
                "url": "https://api.example.com/reports",
                "method": "POST",
                "headers": {
                  "Authorization": "Bearer token123",
                  "Content-Type": "application/json"
                },
                "body": "{\\"type\\": \\"daily\\"}",
                "auth": {
                  "type": "bearer",
                  "token": "my-secret-token"
                },
                "success_codes": [200, 201, 202]
              },
              "retry_policy": {
                "max_attempts": 3,
                "initial_interval": "1s",
                "max_interval": "1m",
                "multiplier": 2.0
              },
              "timeout": "5m",
              "concurrency": "forbid",
              "tags": {
                "team": "backend",
                "environment": "production"
              },
              "enabled": true
            }
            """;

    @Test
    void the_documented_job_comes_back_as_it_was_sent_but_for_its_secrets() {
        var job = create(DOCUMENTED);

        var id = UUID.fromString(job.get("id").asText());
        assertThat(id.version()).isEqualTo(8);
        var expected = object(DOCUMENTED);
        expected.put("timeout", "5m0s");
        expected.withObject("/retry_policy").put("max_interval", "1m0s");
        expected.withObject("/webhook/headers").put("Authorization", "***");
        expected.withObject("/webhook/auth").put("token", "***");
        for (var field : names(expected)) {
            assertThat(Json.write(job.get(field))).isEqualTo(Json.write(expected.get(field)));
        }
        var created = Instant.parse(job.get("created_at").asText());
        assertThat(job.get("updated_at").asText()).isEqualTo(created.toString());
        assertThat(job.get("next_run").asText()).matches("\\d{4}-\\d\\d-\\d\\dT1[34]:00:00Z");
        assertThat(Instant.parse(job.get("next_run").asText())).isAfter(created);
        assertThat(granted(chronos.get(JOBS + "/" + id))).isEqualTo(job);
        assertThat(granted(chronos.get(JOBS)).at("/jobs/0")).isEqualTo(job);
    }

    @Test
    void jobs_are_listed_newest_first_and_paged() {
        var first = create(body("/a/200", "")).get("id").asText();
        var second = create(body("/a/200", "")).get("id").asText();

        var all = granted(chronos.get(JOBS));
        assertThat(all.at("/jobs/0/id").asText()).isEqualTo(second);
        assertThat(all.at("/jobs/1/id").asText()).isEqualTo(first);
        assertThat(all.get("total").asInt()).isEqualTo(all.get("jobs").size());
        var page = granted(chronos.get(JOBS + "?limit=1&offset=1"));
        assertThat(page.get("jobs")).hasSize(1);
        assertThat(page.at("/jobs/0/id").asText()).isEqualTo(first);
        assertThat(page.get("total")).isEqualTo(all.get("total"));
        assertThat(granted(chronos.get(JOBS + "?offset=100000")).get("jobs")).isEmpty();
    }

    @Test
    void a_job_without_enabled_is_disabled_and_has_no_next_run() {
        var job = create(body("/a/200", ""));

        assertThat(job.get("enabled").booleanValue()).isFalse();
        assertThat(job.get("next_run").isNull()).isTrue();
    }

    @Test
    void enabling_and_disabling_change_no_version() {
        var path = newJob("/a/200");

        var enabled = granted(chronos.post(path + "/enable"));
        assertThat(enabled.get("enabled").booleanValue()).isTrue();
        assertThat(Instant.parse(enabled.get("next_run").asText()))
                .isAfter(Instant.parse(enabled.get("created_at").asText()));
        assertThat(granted(chronos.post(path + "/enable"))).isEqualTo(enabled);
        var disabled = granted(chronos.post(path + "/disable"));
        assertThat(disabled.get("enabled").booleanValue()).isFalse();
        assertThat(disabled.get("next_run").isNull()).isTrue();
        assertThat(granted(chronos.get(path + "/versions"))).hasSize(1);
    }

    @Test
    void an_update_says_everything_anew() {
        var path = newJob("/a/200", ", \"description\": \"old\", \"tags\": {\"a\": \"b\"}");
        granted(chronos.post(path + "/enable"));

        var job = granted(chronos.put(path, body("/b/200", ", \"timeout\": \"1h30m\"")));
        assertThat(job.get("description").asText()).isEmpty();
        assertThat(job.get("tags")).isEmpty();
        assertThat(job.get("timeout").asText()).isEqualTo("1h30m0s");
        assertThat(job.at("/webhook/url").asText()).endsWith("/b/200");
        assertThat(job.get("enabled").booleanValue()).isFalse();
        assertThat(granted(chronos.get(path))).isEqualTo(job);
        var enabled = granted(chronos.put(path, body("/b/200", ", \"enabled\": true")));
        assertThat(enabled.get("enabled").booleanValue()).isTrue();
        assertThat(enabled.get("next_run").isNull()).isFalse();
    }

    @Test
    void a_masked_secret_that_comes_back_is_kept() {
        var auth = ", \"auth\": {\"type\": \"api_key\", \"api_key\": \"k1\"}";
        var body = body("/keeps/200", "").replace("/keeps/200\"", "/keeps/200\"" + auth);
        var path = JOBS + "/" + create(body).get("id").asText();

        var shown = granted(chronos.get(path));
        assertThat(shown.at("/webhook/auth/api_key").asText()).isEqualTo("***");
        assertThat(shown.at("/webhook/auth/header").asText()).isEqualTo("X-API-Key");
        granted(chronos.put(path, Json.write(shown)));
        var moved = Json.write(shown).replace(world.receiver().url(""), "http://elsewhere.example");
        refused(chronos.put(path, moved), 400, "VALIDATION_ERROR", "webhook.auth.api_key");
        assertThat(chronos.get(path).text()).doesNotContain("k1");
        assertThat(chronos.get(path + "/versions").text()).doesNotContain("k1");
    }

    @Test
    void a_deleted_job_is_gone_with_its_executions() {
        var path = newJob("/a/200");
        var execution = granted(chronos.post(path + "/trigger")).get("id").asText();

        var deleted = granted(chronos.delete(path));
        assertThat(names(deleted)).containsExactly("id");
        assertThat(path).endsWith(deleted.get("id").asText());
        refused(chronos.get(path), 404, "NOT_FOUND", "Job not found");
        refused(chronos.get(path + "/executions/" + execution), 404, "NOT_FOUND", "Job not found");
    }

    @Test
    void what_does_not_exist_is_not_found() {
        for (var id : new String[] {FOREIGN, "7", "none"}) {
            var path = JOBS + "/" + id;
            for (var reply :
                    new Reply[] {
                        chronos.get(path),
                        chronos.put(path, DOCUMENTED),
                        chronos.delete(path),
                        chronos.post(path + "/trigger"),
                        chronos.post(path + "/enable"),
                        chronos.post(path + "/disable"),
                        chronos.get(path + "/executions"),
                        chronos.get(path + "/executions/exec-" + FOREIGN),
                        chronos.post(path + "/executions/exec-" + FOREIGN + "/replay"),
                        chronos.get(path + "/versions"),
                        chronos.get(path + "/versions/1"),
                        chronos.post(path + "/rollback/1")
                    }) {
                refused(reply, 404, "NOT_FOUND", "Job not found");
            }
        }
    }

    @Test
    void versions_are_kept_newest_first() {
        var path = newJob("/one/200");
        granted(chronos.put(path, body("/two/200", "")));

        var versions = granted(chronos.get(path + "/versions"));
        assertThat(versions.isArray()).isTrue();
        assertThat(versions.findValuesAsText("version")).containsExactly("2", "1");
        var second = versions.get(0);
        assertThat(names(second))
                .containsExactly("job_id", "version", "config", "created_at", "created_by");
        assertThat(path).endsWith(second.get("job_id").asText());
        assertThat(second.get("created_by").asText()).isEqualTo("anonymous");
        assertThat(second.at("/config/webhook/url").asText()).endsWith("/two/200");
        assertThat(granted(chronos.get(path + "/versions/1"))).isEqualTo(versions.get(1));
        assertThat(versions.get(1).at("/config/webhook/url").asText()).endsWith("/one/200");
    }

    @Test
    void who_made_a_version_is_kept_with_it() {
        var job = granted(chronos.withKey("administer").post(JOBS, body("/a/200", "")), 201);

        var versions = granted(chronos.get(JOBS + "/" + job.get("id").asText() + "/versions"));
        assertThat(versions.at("/0/created_by").asText()).isEqualTo("administer");
    }

    @Test
    void a_rollback_is_a_new_version_that_says_what_the_old_one_said() {
        var path = newJob("/one/200");
        granted(chronos.put(path, body("/two/200", ", \"description\": \"second\"")));

        var rolled = granted(chronos.post(path + "/rollback/1"));
        assertThat(names(rolled)).containsExactly("job", "rolled_back_from", "new_version");
        assertThat(rolled.get("rolled_back_from").asInt()).isEqualTo(1);
        assertThat(rolled.get("new_version").asInt()).isEqualTo(3);
        assertThat(rolled.at("/job/webhook/url").asText()).endsWith("/one/200");
        assertThat(granted(chronos.get(path))).isEqualTo(rolled.get("job"));
        assertThat(config(path, 3)).isEqualTo(config(path, 1));
        assertThat(config(path, 2)).isNotEqualTo(config(path, 1));
    }

    private JsonNode config(String path, int version) {
        return granted(chronos.get(path + "/versions/" + version)).get("config");
    }

    @Test
    void a_version_that_is_none_is_refused() {
        var path = newJob("/a/200");

        for (var word : new String[] {"one", "1.5", "99999999999999999999"}) {
            refused(chronos.get(path + "/versions/" + word), 400, "INVALID_VERSION", "version");
            refused(chronos.post(path + "/rollback/" + word), 400, "INVALID_VERSION", "version");
        }
        for (var number : new String[] {"2", "0", "-1"}) {
            refused(
                    chronos.get(path + "/versions/" + number),
                    404,
                    "NOT_FOUND",
                    "Job version not found");
            refused(
                    chronos.post(path + "/rollback/" + number),
                    404,
                    "NOT_FOUND",
                    "Job version not found");
        }
    }

    @Test
    void all_jobs_are_listed_unless_a_limit_is_asked_for() {
        for (int i = 0; i <= 100; i++) {
            create(body("/a/200", ""));
        }

        var all = granted(chronos.get(JOBS));
        assertThat(all.get("jobs")).hasSizeGreaterThan(100).hasSize(all.get("total").asInt());
        assertThat(granted(chronos.get(JOBS + "?limit=1000")).get("jobs")).hasSize(100);
        assertThat(granted(chronos.get(JOBS + "?limit=0")).get("jobs")).hasSize(20);
    }
}
