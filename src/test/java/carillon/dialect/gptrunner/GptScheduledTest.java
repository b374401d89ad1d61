package carillon.dialect.gptrunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import carillon.json.Json;
import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class GptScheduledTest extends GptRunnerTest {
    private static final String SCHEDULED = "/api/v1/scheduled-tasks";

    private JsonNode daily(String name) {
        return granted(
                gpt.post(
                        SCHEDULED,
                        """
                        {"name": "%s", "schedule": "0 9 * * *", "prompt": "New?",
                         "config": {"model": "echo", "temperature": 0.7, "maxRetries": 3}}
                        """
                                .formatted(name)),
                201);
    }

    private static String path(JsonNode task) {
        return SCHEDULED + "/" + task.get("id").asText();
    }

    @Test
    void a_scheduled_prompt_is_made_and_shown() {
        var made = daily("Daily Report Generator");

        assertThat(made.get("id").asText()).matches("sched-[0-9]+");
        assertThat(made.get("name").asText()).isEqualTo("Daily Report Generator");
        assertThat(made.get("schedule").asText()).isEqualTo("0 9 * * *");
        assertThat(made.get("timezone").asText()).isEqualTo("UTC");
        assertThat(made.get("isActive").booleanValue()).isTrue();
        assertThat(made.get("createdAt").asText()).matches(TIME);
        assertThat(made.get("nextRun").asText()).endsWith("T09:00:00.000Z");
        assertThat(made.get("lastRun").isNull()).isTrue();
        assertThat(made.get("config"))
                .hasToString("{\"model\":\"echo\",\"temperature\":0.7,\"maxRetries\":3}");
        assertThat(granted(gpt.get(path(made)))).isEqualTo(made);
    }

    @Test
    void scheduled_tasks_are_listed_by_state_and_name() {
        var active = daily("needle one");
        var paused = daily("needle two");
        var reply = gpt.post(path(paused) + "/disable");
        assertThat(granted(reply).toString())
                .isEqualTo("{\"id\":%s,\"isActive\":false}".formatted(paused.get("id")));
        assertThat(reply.at("/message").asText()).isEqualTo("Scheduled task disabled");

        var list = SCHEDULED + "?name=NEEDLE";
        assertThat(granted(gpt.get(list)).get("tasks").findValuesAsText("id"))
                .containsExactly(paused.get("id").asText(), active.get("id").asText());
        assertThat(granted(gpt.get(list + "&isActive=true")).get("tasks").findValuesAsText("id"))
                .containsExactly(active.get("id").asText());
        assertThat(granted(gpt.get(list + "&isActive=false")).at("/tasks/0/nextRun").isNull())
                .isTrue();
        var enabled = gpt.post(path(paused) + "/enable");
        assertThat(granted(enabled).get("isActive").booleanValue()).isTrue();
        assertThat(enabled.at("/message").asText()).isEqualTo("Scheduled task enabled");
        refused(gpt.get(SCHEDULED + "?isActive=maybe"), 400, "VALIDATION_ERROR");
    }

    @Test
    void a_scheduled_task_is_changed() {
        var made = daily("before");

        var changed =
                granted(
                        gpt.patch(
                                path(made),
                                """
                                {"name": "Updated Task Name", "schedule": "0 12 * * *",
                                 "isActive": false}
                                """));
        assertThat(changed.get("name").asText()).isEqualTo("Updated Task Name");
        assertThat(changed.get("schedule").asText()).isEqualTo("0 12 * * *");
        assertThat(changed.get("isActive").booleanValue()).isFalse();
        assertThat(changed.get("config")).isEqualTo(made.get("config"));
        assertThat(changed.get("prompt")).isEqualTo(made.get("prompt"));
        var zoned = granted(gpt.patch(path(made), "{\"timezone\": \"Asia/Tokyo\"}"));
        assertThat(zoned.get("timezone").asText()).isEqualTo("Asia/Tokyo");
        assertThat(zoned.get("schedule").asText()).isEqualTo("0 12 * * *");
        var on = granted(gpt.patch(path(made), "{\"isActive\": true}"));
        assertThat(on.get("nextRun").asText()).endsWith("T03:00:00.000Z");
    }

    @Test
    void a_scheduled_task_fires_and_shows_in_the_native_api_and_the_other_way_round() {
        var made =
                granted(
                        gpt.post(
                                SCHEDULED,
                                """
                                {"name": "often", "schedule": "* * * * * *", "prompt": "x",
                                 "config": {"model": "echo"}}
                                """),
                        201);
        await().until(() -> !granted(gpt.get(path(made))).get("lastRun").isNull());
        granted(gpt.post(path(made) + "/disable"));
        var number = made.get("id").asText().substring("sched-".length());
        var task = world.nativeApi().get("/tasks/" + number);
        assertThat(task.at("/origin").asText()).isEqualTo("gpt-task-runner");
        assertThat(task.at("/schedule/cron").asText()).isEqualTo("* * * * * *");
        var other =
                world.nativeApi()
                        .post(
                                "/tasks",
                                """
                                {"name": "n", "action": {"prompt": {"model": "echo", "text": "x"}},
                                 "schedule": {"frequency": "daily", "time": "07:30"}}
                                """);
        var seen = granted(gpt.get(SCHEDULED + "/sched-" + other.at("/id").asText()));
        assertThat(seen.get("schedule").asText()).isEqualTo("30 7 * * *");
        refused(gpt.get(TASKS + "/task-" + other.at("/id").asText()), 404, "TASK_NOT_FOUND");
    }

    @Test
    void a_scheduled_task_is_deleted() {
        var made = daily("gone");

        assertThat(gpt.delete(path(made)).status()).isEqualTo(200);
        for (var path : new String[] {path(made), SCHEDULED + "/none", SCHEDULED + "/sched-1"}) {
            refused(gpt.get(path), 404, "SCHEDULED_TASK_NOT_FOUND");
            refused(gpt.patch(path, "{}"), 404, "SCHEDULED_TASK_NOT_FOUND");
            refused(gpt.delete(path), 404, "SCHEDULED_TASK_NOT_FOUND");
            refused(gpt.post(path + "/enable"), 404, "SCHEDULED_TASK_NOT_FOUND");
            refused(gpt.post(path + "/disable"), 404, "SCHEDULED_TASK_NOT_FOUND");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {"name":null} | name | VALIDATION_ERROR
                    {"name":""} | name | VALIDATION_ERROR
                    {"schedule":null} | schedule | VALIDATION_ERROR
                    {"schedule":5} | schedule | VALIDATION_ERROR
                    {"schedule":"x"} | schedule | INVALID_CRON_EXPRESSION
                    {"schedule":"0 0 30 2 *"} | schedule | INVALID_CRON_EXPRESSION
                    {"prompt":null} | prompt | VALIDATION_ERROR
                    {"inputFile":"a.csv"} | inputFile | VALIDATION_ERROR
                    {"timezone":"Mars"} | timezone | VALIDATION_ERROR
                    {"config":5} | config | VALIDATION_ERROR
                    {"isActive":5} | isActive | VALIDATION_ERROR
                    {"config":{"model":"none"}} | model | MODEL_NOT_SUPPORTED
                    {"config":{"maxRetries":-1}} | config.maxRetries | VALIDATION_ERROR
                    """)
    void a_bad_field_is_told_by_its_name(String change, String field, String code) {
        var body = Json.readObject("{\"name\":\"n\",\"schedule\":\"@daily\",\"prompt\":\"x\"}");
        body.setAll(Json.readObject(change));
        var reply = gpt.post(SCHEDULED, Json.write(body));

        assertThat(names(refused(reply, 400, code))).containsExactly(field);
    }
}
