package carillon.dialect.a1base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.entry;

import carillon.action.HttpCall;
import carillon.dialect.Sample;
import carillon.json.Json;
import carillon.task.Budget;
import carillon.task.Notify;
import carillon.task.Processing;
import carillon.task.ProcessorUse;
import carillon.task.TaskDefinition;
import carillon.task.TaskId;
import carillon.web.RefusedException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CronJobRequestTest {
    private static final TaskId ID = new TaskId(7);
    private static final String DAILY =
            """
            {"endpoint_url": "https://a.example/hook", "frequency": "daily", "time": "09:00",
             "timezone": "America/New_York", "method": "POST",
             "headers": {"Authorization": "Bearer t", "X-Kind": "k"}, "body": {"a": [1, 2.50]}}
            """;

    private static TaskDefinition read(String body, Optional<TaskDefinition> previous) {
        return CronJobRequest.of(Json.read(body)).definition(ID, Sample.NOON, previous);
    }

    private static TaskDefinition read(String body) {
        return read(body, Optional.empty());
    }

    private static TaskDefinition patched(String body, TaskDefinition previous) {
        return read(body, Optional.of(previous));
    }

    private static ObjectNode error(String body, Optional<TaskDefinition> previous) {
        var refused = catchThrowableOfType(RefusedException.class, () -> read(body, previous));
        assertThat(refused).as(body).isNotNull();
        return (ObjectNode) ((ObjectNode) Failures.answer(refused.refusal()).body()).get("error");
    }

    private static HttpCall call(TaskDefinition definition) {
        return (HttpCall) definition.action();
    }

    private static String timing(TaskDefinition definition) {
        return Json.write(Timing.of(definition).orElseThrow().fields());
    }

    @Test
    void a_change_leaves_what_a1base_does_not_know() {
        var made = read(DAILY);
        var before =
                new TaskDefinition(
                        made.name(),
                        made.description(),
                        made.timetable(),
                        made.action(),
                        made.policies(),
                        made.tags(),
                        Optional.of(
                                new Budget(
                                        BigDecimal.ONE,
                                        Budget.Period.DAY,
                                        ZoneOffset.UTC,
                                        Budget.OnExhausted.SKIP)),
                        new Processing(
                                List.of(
                                        new ProcessorUse(
                                                "slack",
                                                Map.of("url", "https://h.example/canary"),
                                                Optional.empty())),
                                Notify.ON_CHANGE));
        var after = patched("{\"description\": \"new\"}", before);
        assertThat(after.budget()).isEqualTo(before.budget());
        assertThat(after.processing()).isEqualTo(before.processing());
    }

    @Test
    void an_empty_request_lacks_five_fields_at_once() {
        var error = error("{}", Optional.empty());

        assertThat(error.get("code").asText()).isEqualTo("validation_error");
        assertThat(error.get("details").propertyStream().map(e -> e.getKey()))
                .containsExactlyInAnyOrder(
                        "endpoint_url", "method", "frequency", "time", "timezone");
        assertThat(error.at("/details/method/0").asText()).isEqualTo("Is required");
    }

    @Test
    void a_wrong_frequency_is_told_as_in_the_document() {
        var error = error(DAILY.replace("daily", "hourly"), Optional.empty());

        assertThat(Json.write(error))
                .isEqualTo(
                        """
                        {"code":"validation_error","message":"Invalid frequency value",\
                        "details":{"frequency":["Must be one of: daily, weekly, monthly, custom"]}}\
                        """);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            textBlock =
                    """
                    {"frequency": "weekly"}                        | day_of_week
                    {"frequency": "weekly", "day_of_week": 7}      | day_of_week
                    {"frequency": "weekly", "day_of_week": "1"}    | day_of_week
                    {"frequency": "weekly", "day_of_week": 1.5}    | day_of_week
                    {"frequency": "monthly"}                       | day_of_month
                    {"frequency": "monthly", "day_of_month": 0}    | day_of_month
                    {"frequency": "monthly", "day_of_month": 32}   | day_of_month
                    {"frequency": "monthly", "day_of_month": 1, "day_of_week": 1} | day_of_week
                    {"frequency": "custom"}                        | custom_schedule
                    {"frequency": "custom", "custom_schedule": "61 * * * *"} | custom_schedule
                    {"frequency": "custom", "custom_schedule": 5}  | custom_schedule
                    {"frequency": "custom", "custom_schedule": "* * * * *", "time": "9"} | time
                    {"frequency": 1}                               | frequency
                    {"day_of_week": 1}                             | day_of_week
                    {"day_of_month": 1}                            | day_of_month
                    {"custom_schedule": "* * * * *"}               | custom_schedule
                    {"time": "24:00"}                              | time
                    {"time": "9:00"}                               | time
                    {"time": "09:00:00"}                           | time
                    {"time": 900}                                  | time
                    {"timezone": "Mars/Olympus"}                   | timezone
                    {"timezone": 1}                                | timezone
                    {"method": "PATCH"}                            | method
                    {"method": "post"}                             | method
                    {"method": 1}                                  | method
                    {"method": "GET"}                              | body
                    {"body": "text"}                               | body
                    {"body": [1]}                                  | body
                    {"headers": "x"}                               | headers
                    {"headers": {"A": 1}}                          | headers
                    {"headers": {"Host": "b"}}                     | headers
                    {"headers": {"A": "***"}}                      |
                    {"headers": {"X-Token": "***"}}                | headers
                    {"endpoint_url": "ftp://a.example"}            | endpoint_url
                    {"endpoint_url": "/hook"}                      | endpoint_url
                    {"endpoint_url": 5}                            | endpoint_url
                    {"endpoint_url": ""}                           | endpoint_url
                    """)
    void a_bad_field_is_named_and_no_other(String change, String field) {
        var body = (ObjectNode) Json.read(DAILY);
        body.setAll((ObjectNode) Json.read(change));
        if (field == null) {
            assertThat(read(Json.write(body))).isNotNull();
            return;
        }
        var error = error(Json.write(body), Optional.empty());

        assertThat(error.get("details").propertyStream().map(e -> e.getKey()))
                .containsExactly(field);
        assertThat(error.at("/details/" + field).size()).isPositive();
    }

    @Test
    void every_bad_field_is_listed() {
        var error =
                error(
                        """
                        {"endpoint_url": "x", "frequency": "weekly", "time": "25:00",
                         "day_of_week": 9, "timezone": "Nowhere", "method": "BREW",
                         "headers": {"a b": "c"}, "body": 1}
                        """,
                        Optional.empty());

        assertThat(error.get("details").propertyStream().map(e -> e.getKey()))
                .containsExactlyInAnyOrder(
                        "endpoint_url",
                        "time",
                        "day_of_week",
                        "timezone",
                        "method",
                        "headers",
                        "body");
    }

    @Test
    void a_body_is_sent_as_the_json_that_it_is() {
        var call = call(read(DAILY));

        assertThat(call.body()).hasValue("{\"a\":[1,2.50]}");
        assertThat(call.headers()).containsOnlyKeys("Authorization", "X-Kind");
    }

    @Test
    void a_job_is_named_after_its_target() {
        var job = read(DAILY);

        assertThat(job.name()).isEqualTo("POST a.example/hook");
        assertThat(patched("{\"method\": \"PUT\"}", job).name()).isEqualTo("PUT a.example/hook");
        var named = Sample.task("{\"every\": \"1h\"}", "PUT");
        assertThat(patched("{\"method\": \"POST\"}", named).name()).isEqualTo("sample");
        var longest = DAILY.replace("/hook", "/" + "h".repeat(300));
        assertThat(read(longest).name()).hasSize(TaskDefinition.MAX_NAME_LENGTH);
    }

    @Test
    void a_patch_replaces_what_it_names_and_nothing_else() {
        var job = read(DAILY);
        var later = patched("{\"time\": \"10:30\"}", job);

        assertThat(timing(later)).isEqualTo(timing(job).replace("09:00", "10:30"));
        assertThat(later.action()).isEqualTo(job.action());
        var call = call(patched("{\"headers\": {\"X-New\": \"n\"}}", job));
        assertThat(call.headers()).containsExactly(entry("X-New", "n"));
        assertThat(call.body()).isEqualTo(call(job).body());
        assertThat(call(patched("{\"body\": null}", job)).body()).isEmpty();
        assertThat(patched("{}", job)).isEqualTo(job);
    }

    @Test
    void another_frequency_sheds_what_belonged_to_the_old_one() {
        var weekly = read(DAILY.replace("\"daily\"", "\"weekly\", \"day_of_week\": 3"));

        assertThat(timing(weekly)).contains("\"day_of_week\":3");
        assertThat(timing(patched("{\"frequency\": \"daily\"}", weekly)))
                .isEqualTo(timing(read(DAILY)));
        assertThat(
                        timing(
                                patched(
                                        """
                                        {"frequency": "custom", "custom_schedule": "0 9 * * 1-5"}
                                        """,
                                        weekly)))
                .isEqualTo(
                        """
                        {"frequency":"custom","custom_schedule":"0 9 * * 1-5",\
                        "timezone":"America/New_York"}""");
        var error = error("{\"frequency\": \"monthly\"}", Optional.of(weekly));
        assertThat(error.get("details").propertyStream().map(e -> e.getKey()))
                .containsExactly("day_of_month");
    }

    @Test
    void a_patch_keeps_what_a1base_has_no_field_for() {
        var before =
                Sample.of(
                        """
                        {"name": "n", "description": "d", "tags": {"a": "b"}, "priority": 9,
                         "schedule": {"frequency": "daily", "time": "09:00",
                            "end": "2030-01-01T00:00:00Z"},
                         "dst": {"gap": "skip"}, "timeout": "7s", "concurrency": "replace",
                         "action": {"http": {"url": "https://a.example/x", "method": "POST",
                            "body": "plain", "success_codes": [204], "secret": "whsec_c2VjcmV0",
                            "auth": {"type": "bearer", "token": "t"}}}}
                        """);

        assertThat(
                        patched(
                                "{\"time\": \"09:00\", \"endpoint_url\": \"https://a.example/x\"}",
                                before))
                .isEqualTo(before);
        var after = patched("{\"time\": \"10:00\"}", before);
        assertThat(after.policies()).isEqualTo(before.policies());
        assertThat(after.action()).isEqualTo(before.action());
        assertThat(after.tags()).isEqualTo(before.tags());
        assertThat(after.timetable().orElseThrow().end())
                .isEqualTo(before.timetable().orElseThrow().end());
    }

    @Test
    void credentials_stay_on_their_host() {
        var job = read(DAILY);
        var masked = "{\"headers\": {\"Authorization\": \"***\"}, \"endpoint_url\": \"%s\"}";

        assertThat(call(patched(masked.formatted("https://a.example/y"), job)).headers())
                .containsEntry("Authorization", "Bearer t");
        for (var moved :
                new String[] {
                    masked.formatted("https://b.example/"),
                    "{\"endpoint_url\": \"https://b.example/\"}"
                }) {
            assertThat(error(moved, Optional.of(job)).get("details").has("headers")).isTrue();
        }
    }

    @Test
    void an_interval_keeps_the_zone_that_was_sent() {
        var sent = DAILY.replace("\"daily\"", "\"custom\", \"custom_schedule\": \"@every 15m\"");

        assertThat(timing(read(sent)))
                .isEqualTo(
                        """
                        {"frequency":"custom","custom_schedule":"@every 15m",\
                        "timezone":"America/New_York"}""");
    }
}
