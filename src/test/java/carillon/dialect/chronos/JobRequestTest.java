package carillon.dialect.chronos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import carillon.action.HttpCall;
import carillon.dialect.Sample;
import carillon.json.Json;
import carillon.schedule.Calendar;
import carillon.task.ConcurrencyPolicy;
import carillon.task.MisfirePolicy;
import carillon.task.TaskDefinition;
import carillon.task.TaskId;
import carillon.web.RefusedException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

final class JobRequestTest {
    private static final TaskId ID = new TaskId(7);
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    private static TaskDefinition read(String body, Optional<TaskDefinition> previous) {
        return JobRequest.of(Json.read(body)).definition(ID, NOON, previous);
    }

    private static TaskDefinition read(String body) {
        return read(body, Optional.empty());
    }

    private static JsonNode refusal(String body, Optional<TaskDefinition> previous) {
        var refused = catchThrowableOfType(RefusedException.class, () -> read(body, previous));
        assertThat(refused).as(body).isNotNull();
        var answer = Envelope.refuse(refused.refusal());
        assertThat(answer.status()).isEqualTo(400);
        return ((ObjectNode) answer.body()).get("error");
    }

    private static String minimal(String more) {
        return """
        {"name": "n", "schedule": "0 9 * * *", "webhook": {"url": "http://a.example/x"}%s}"""
                .formatted(more);
    }

    @ParameterizedTest
    @CsvFileSource(
            resources = "/carillon/dialect/chronos/first-faults.csv",
            delimiter = '|',
            quoteCharacter = '\'')
    void the_first_fault_is_told_in_the_words_of_chronos(String body, String code, String message) {
        var error = refusal(body, Optional.empty());

        assertThat(error.get("code").asText()).isEqualTo(code);
        assertThat(error.get("message").asText()).isEqualTo(message);
    }

    @ParameterizedTest
    @CsvFileSource(
            resources = "/carillon/dialect/chronos/bad-fields.csv",
            delimiter = '|',
            quoteCharacter = '\'')
    void a_bad_field_is_named(String field, String code, String name) {
        var body = (ObjectNode) Json.read(minimal(""));
        body.setAll((ObjectNode) Json.read("{" + field + "}"));
        var refused =
                catchThrowableOfType(
                        RefusedException.class,
                        () -> {
                            var request = JobRequest.of(body);
                            assertThat(request.enabled()).isFalse();
                            request.definition(ID, NOON, Optional.empty());
                        });

        assertThat(refused).isNotNull();
        var error = ((ObjectNode) Envelope.refuse(refused.refusal()).body()).get("error");
        assertThat(error.get("code").asText()).isEqualTo(code);
        assertThat(error.get("message").asText()).contains(name);
    }

    @Test
    void what_is_left_out_has_the_defaults_of_the_document() {
        var definition = read(minimal(""));

        var config = JobView.config(definition);
        assertThat(config.get("timezone").asText()).isEqualTo("UTC");
        assertThat(config.get("timeout").asText()).isEqualTo("5m0s");
        assertThat(config.get("concurrency").asText()).isEqualTo("forbid");
        assertThat(config.at("/webhook/method").asText()).isEqualTo("GET");
        assertThat(config.at("/retry_policy/max_attempts").asInt()).isEqualTo(1);
        assertThat(JobRequest.of(Json.read(minimal(""))).enabled()).isFalse();
        assertThat(((HttpCall) definition.action()).isSuccess(299)).isTrue();
        assertThat(((HttpCall) definition.action()).body()).isEmpty();
    }

    @Test
    void empty_texts_count_as_left_out() {
        var sent =
                minimal(
                        """
                        , "timezone": "", "timeout": "", "concurrency": "", "description": null
                        """);
        assertThat(read(sent)).isEqualTo(read(minimal("")));
    }

    @Test
    void an_interval_keeps_its_text_and_its_zone() {
        var sent = minimal(", \"timezone\": \"Asia/Tokyo\"").replace("0 9 * * *", "@every 90s");

        var config = JobView.config(read(sent));

        assertThat(config.get("schedule").asText()).isEqualTo("@every 90s");
        assertThat(config.get("timezone").asText()).isEqualTo("Asia/Tokyo");
    }

    @Test
    void an_update_keeps_what_chronos_has_no_field_for() {
        var before =
                Sample.of(
                        """
                        {"name": "n", "schedule": {"frequency": "daily", "time": "09:00",
                            "timezone": "Europe/Berlin", "end": "2030-01-01T00:00:00Z",
                            "exclude": ["2026-12-25"]},
                         "dst": {"gap": "skip", "overlap": "both"},
                         "action": {"http": {"url": "https://a.example/x",
                            "secret": "whsec_c2VjcmV0",
                            "headers": {"Authorization": "Bearer t"}}},
                         "misfire": {"policy": "skip"}, "priority": 9, "jitter": "5s",
                         "delivery": "at_most_once", "concurrency": "queue",
                         "retry": {"attempts": 2, "retry_on": ["5xx"]}}
                        """);
        var sent = JobView.config(before).put("timeout", "10s");

        var after = read(Json.write(sent), Optional.of(before));

        assertThat(after.timetable()).isEqualTo(before.timetable());
        assertThat(after.timetable().orElseThrow().schedule()).isInstanceOf(Calendar.class);
        assertThat(after.action()).isEqualTo(before.action());
        assertThat(after.policies().timeout()).isEqualTo(Duration.ofSeconds(10));
        assertThat(after.policies().misfire().kind()).isEqualTo(MisfirePolicy.Kind.SKIP);
        assertThat(after.policies().retry()).isEqualTo(before.policies().retry());
        assertThat(after.policies().concurrency()).isEqualTo(ConcurrencyPolicy.QUEUE);
        assertThat(after.policies().priority()).isEqualTo(9);
        assertThat(after.policies().delivery()).isEqualTo(before.policies().delivery());
    }

    @Test
    void a_new_rule_stays_within_the_bounds_of_the_old_one() {
        var before =
                Sample.of(
                        """
                        {"name": "n", "schedule": {"cron": "0 9 * * *", "max_runs": 5,
                            "exclude": ["2026-12-25"]},
                         "dst": {"gap": "skip"}, "action": {"http": {"url": "https://a.example/x"}}}
                        """);

        var timetable =
                read(minimal("").replace("0 9", "0 8"), Optional.of(before))
                        .timetable()
                        .orElseThrow();

        assertThat(timetable.maxRuns()).hasValue(5);
        assertThat(timetable.excluded()).hasSize(1);
        assertThat(timetable.schedule().describe()).contains("08:00");
    }

    @Test
    void a_masked_secret_stays_on_its_host() {
        var auth = "\"auth\": {\"type\": \"basic\", \"username\": \"u\", \"password\": \"%s\"}";
        var body = minimal("").replace("/x\"", "/x\", " + auth);
        var before = read(body.formatted("secret"));
        var masked = body.formatted("***");

        assertThat(JobView.config(before).at("/webhook/auth/password").asText()).isEqualTo("***");
        assertThat(read(masked.replace("/x", "/y"), Optional.of(before)).action())
                .isEqualTo(read(body.formatted("secret").replace("/x", "/y")).action());
        var error = refusal(masked.replace("a.example", "b.example"), Optional.of(before));
        assertThat(error.get("code").asText()).isEqualTo("VALIDATION_ERROR");
        assertThat(error.get("message").asText()).contains("webhook.auth.password");
    }
}
