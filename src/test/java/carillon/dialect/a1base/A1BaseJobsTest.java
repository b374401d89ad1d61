package carillon.dialect.a1base;

import static org.assertj.core.api.Assertions.assertThat;

import carillon.dialect.Client.Reply;
import carillon.json.Json;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;

final class A1BaseJobsTest extends A1BaseTest {
    /// The body of the document's "Create a Cron Job", word for word.
    private static final String DOCUMENTED =
            """
            {
              "endpoint_url": "https://api.example.com/webhook",
              "frequency": "daily",
              "time": "09:00",
              "timezone": "America/New_York",
              "method": "POST",
              "headers": {
                "Authorization": "Bearer token123",
                "Content-Type": "application/json"
              },
              "body": {
                "action": "daily_update",
                "params": {
                  "user_id": "all"
                }
              }
            }
            """;

    /// The body of the document's "Update a Cron Job", word for word.
    private static final String CHANGE =
            """
            {
              "time": "10:30",
              "headers": {
                "Authorization": "Bearer new_token456",
                "Content-Type": "application/json"
              }
            }
            """;

    private static void assertNextIsAt(JsonNode job, String time) {
        var text = job.get("next_execution").asText();
        assertThat(text).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:00-0[45]:00");
        var next = OffsetDateTime.parse(text);
        assertThat(next.toLocalTime()).isEqualTo(LocalTime.parse(time));
        var zone = ZoneId.of("America/New_York");
        assertThat(next.getOffset()).isEqualTo(zone.getRules().getOffset(next.toInstant()));
    }

    private static void assertShows(JsonNode job, ObjectNode sent) {
        sent.withObject("/headers").put("Authorization", "***");
        for (var field : names(sent)) {
            assertThat(Json.write(job.get(field))).isEqualTo(Json.write(sent.get(field)));
        }
    }

    @Test
    void the_documented_job_comes_back_as_it_was_sent_but_for_its_secrets() {
        var job = create(DOCUMENTED);

        assertThat(names(job))
                .containsExactlyInAnyOrder(
                        "id",
                        "endpoint_url",
                        "frequency",
                        "time",
                        "timezone",
                        "method",
                        "headers",
                        "body",
                        "status",
                        "created_at",
                        "next_execution");
        assertThat(job.get("id").asText()).matches("crn_\\d+");
        assertShows(job, Json.readObject(DOCUMENTED));
        assertThat(job.get("status").asText()).isEqualTo("active");
        assertThat(job.get("created_at").asText()).matches(UTC);
        assertNextIsAt(job, "09:00");
        assertThat(granted(a1base.get(path(job)))).isEqualTo(job);
    }

    @Test
    void the_documented_change_merges_into_the_job() {
        var job = create(DOCUMENTED);

        var changed = granted(a1base.patch(path(job), CHANGE));
        var expected = Json.readObject(DOCUMENTED).put("time", "10:30");
        assertShows(changed, expected);
        assertNextIsAt(changed, "10:30");
        assertThat(changed.get("created_at")).isEqualTo(job.get("created_at"));
        assertThat(changed.get("updated_at").asText()).matches(UTC);
        assertThat(granted(a1base.get(path(job)))).isEqualTo(changed);
        assertThat(a1base.get(path(job)).text()).doesNotContain("token123", "new_token456");
    }

    @Test
    void weekly_and_monthly_jobs_show_their_day() {
        var weekly =
                create(
                        """
                        {"endpoint_url": "https://api.example.com/weekly-report",
                         "frequency": "weekly", "time": "07:00", "day_of_week": 1,
                         "timezone": "America/Los_Angeles", "method": "GET"}
                        """);
        assertThat(weekly.get("day_of_week").asInt()).isEqualTo(1);
        var next = OffsetDateTime.parse(weekly.get("next_execution").asText());
        assertThat(next.getDayOfWeek().getValue()).isEqualTo(1);
        assertThat(next.getHour()).isEqualTo(7);
        var monthly =
                granted(
                        a1base.patch(
                                path(weekly),
                                "{\"frequency\": \"monthly\", \"day_of_month\": 31}"));
        assertThat(monthly.has("day_of_week")).isFalse();
        assertThat(monthly.get("day_of_month").asInt()).isEqualTo(31);
        var last = OffsetDateTime.parse(monthly.get("next_execution").asText());
        assertThat(last.plusDays(1).getDayOfMonth()).isEqualTo(1);
    }

    @Test
    void a_custom_job_needs_no_time() {
        var job =
                create(
                        """
                        {"endpoint_url": "https://api.example.com/x", "frequency": "custom",
                         "custom_schedule": "*/5 * * * *", "timezone": "UTC", "method": "DELETE"}
                        """);

        assertThat(job.get("custom_schedule").asText()).isEqualTo("*/5 * * * *");
        assertThat(job.has("time")).isFalse();
        assertThat(job.get("next_execution").asText()).endsWith(":00+00:00");
    }

    @Test
    void jobs_are_listed_without_headers_and_body() {
        var job = create(DOCUMENTED);
        granted(a1base.post(path(daily()) + "/pause"));

        var list = granted(a1base.get(JOBS));
        assertThat(names(list)).containsExactly("data", "meta");
        assertThat(names(list.get("meta"))).containsExactly("total", "limit", "offset");
        assertThat(list.at("/meta/limit").asInt()).isEqualTo(20);
        assertThat(list.at("/meta/offset").asInt()).isZero();
        var item = list.at("/data/1");
        assertThat(names(item))
                .containsExactlyInAnyOrder(
                        "id",
                        "endpoint_url",
                        "frequency",
                        "time",
                        "timezone",
                        "method",
                        "status",
                        "created_at",
                        "next_execution");
        for (var field : names(item)) {
            assertThat(item.get(field)).isEqualTo(job.get(field));
        }
        assertThat(list.at("/data/0/status").asText()).isEqualTo("paused");
        assertThat(list.at("/data/0/next_execution").isNull()).isTrue();
    }

    @Test
    void lists_are_filtered_and_paged() {
        var paused = daily();
        granted(a1base.post(path(paused) + "/pause"));
        daily();

        var all = granted(a1base.get(JOBS + "?limit=100"));
        long total = all.at("/meta/total").asLong();
        assertThat(all.get("data")).hasSize((int) total);
        var page = granted(a1base.get(JOBS + "?limit=1&offset=1"));
        assertThat(page.get("data")).hasSize(1);
        assertThat(page.at("/data/0")).isEqualTo(all.at("/data/1"));
        assertThat(page.at("/meta/total").asLong()).isEqualTo(total);
        var onlyPaused = granted(a1base.get(JOBS + "?status=paused"));
        assertThat(onlyPaused.get("data").findValuesAsText("status")).containsOnly("paused");
        assertThat(onlyPaused.at("/data/0/id")).isEqualTo(paused.get("id"));
        var onlyActive = granted(a1base.get(JOBS + "?status=active"));
        assertThat(onlyActive.at("/meta/total").asLong())
                .isEqualTo(total - onlyPaused.at("/meta/total").asLong());
        for (var query : List.of("limit=0", "limit=101", "limit=x", "offset=-1", "status=asleep")) {
            var error = refused(a1base.get(JOBS + "?" + query), 400, "validation_error");
            assertThat(names(error.get("details")))
                    .containsExactly(query.substring(0, query.indexOf('=')));
        }
    }

    @Test
    void pausing_and_resuming_are_idempotent() {
        var job = create(DOCUMENTED);

        var paused = granted(a1base.post(path(job) + "/pause"));
        assertThat(names(paused)).containsExactly("id", "status", "next_execution");
        assertThat(paused.get("id")).isEqualTo(job.get("id"));
        assertThat(paused.get("status").asText()).isEqualTo("paused");
        assertThat(paused.get("next_execution").isNull()).isTrue();
        assertThat(granted(a1base.post(path(job) + "/pause"))).isEqualTo(paused);
        assertThat(granted(a1base.get(path(job))).get("next_execution").isNull()).isTrue();
        var resumed = granted(a1base.post(path(job) + "/resume"));
        assertThat(resumed.get("status").asText()).isEqualTo("active");
        assertThat(resumed.get("next_execution")).isEqualTo(job.get("next_execution"));
        assertThat(granted(a1base.post(path(job) + "/resume"))).isEqualTo(resumed);
    }

    @Test
    void a_deleted_job_is_gone() {
        var job = daily();

        var deleted = granted(a1base.delete(path(job)));
        assertThat(names(deleted)).containsExactly("id", "deleted");
        assertThat(deleted.get("id")).isEqualTo(job.get("id"));
        assertThat(deleted.get("deleted").booleanValue()).isTrue();
        refused(a1base.get(path(job)), 404, "not_found");
        refused(a1base.delete(path(job)), 404, "not_found");
    }

    @Test
    void what_does_not_exist_is_not_found() {
        for (var id : List.of("crn_123456789", "crn_0", "crn_x", "crn_99999999999999999", "7")) {
            var path = JOBS + "/" + id;
            for (Reply reply :
                    List.of(
                            a1base.get(path),
                            a1base.patch(path, CHANGE),
                            a1base.delete(path),
                            a1base.post(path + "/pause"),
                            a1base.post(path + "/resume"),
                            a1base.get(path + "/executions"))) {
                refused(reply, 404, "not_found");
            }
        }
    }
}
