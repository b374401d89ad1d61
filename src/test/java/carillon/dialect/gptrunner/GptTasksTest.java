package carillon.dialect.gptrunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import carillon.json.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class GptTasksTest extends GptRunnerTest {
    private static final String DOCUMENTED =
            """
            {
              "id": "task-001",
              "prompt": "Write a haiku about programming",
              "messages": [
                {"role": "system", "content": "You are a creative assistant."},
                {"role": "user", "content": "Write a haiku about programming"}
              ],
              "model": "echo",
              "temperature": 0.7,
              "maxTokens": 1000,
              "metadata": {"category": "creative", "priority": "high"},
              "batchId": "batch-001",
              "idempotencyKey": "task-001-unique-key"
            }
            """;

    @Test
    void the_documented_task_is_made_shown_and_waits_for_its_batch() {
        var reply = gpt.post(TASKS, DOCUMENTED);

        var made = granted(reply, 201);
        assertThat(reply.at("/message").asText()).isEqualTo("Task created successfully");
        assertThat(made.get("id").asText()).isEqualTo("task-001");
        assertThat(made.get("status").asText()).isEqualTo("pending");
        assertThat(made.get("createdAt").asText()).matches(TIME);
        var shown = task("task-001");
        var sent = Json.readObject(DOCUMENTED);
        for (var field : names(sent)) {
            assertThat(shown.get(field)).as(field).isEqualTo(sent.get(field));
        }
        assertThat(shown.get("status").asText()).isEqualTo("pending");
        assertThat(shown.has("result")).isFalse();
        assertThat(shown.has("completedAt")).isFalse();
    }

    @Test
    void a_task_without_a_batch_runs_at_once() {
        create("{\"id\": \"haiku\", \"prompt\": \"Write a haiku\", \"model\": \"echo\"}");

        var done = ended("haiku");
        assertThat(done.get("status").asText()).isEqualTo("completed");
        assertThat(done.get("prompt").asText()).isEqualTo("Write a haiku");
        assertThat(done.has("messages")).isFalse();
        assertThat(done.at("/result/content").asText())
                .isEqualTo("echo, no model was called: Write a haiku");
        var usage = done.at("/result/usage");
        assertThat(names(usage)).containsExactly("promptTokens", "completionTokens", "totalTokens");
        assertThat(usage.get("totalTokens").asLong())
                .isEqualTo(
                        usage.get("promptTokens").asLong() + usage.get("completionTokens").asLong())
                .isPositive();
        assertThat(done.get("completedAt").asText()).matches(TIME);
        assertThat(done.get("isDryRun").booleanValue()).isTrue();
    }

    @Test
    void messages_win_over_the_prompt() {
        create(
                """
                {"id": "both", "prompt": "not this", "model": "echo", "messages": [
                  {"role": "system", "content": "Be brief", "name": "ignored"},
                  {"role": "user", "content": "this"}]}
                """);

        assertThat(ended("both").at("/result/content").asText())
                .isEqualTo("echo, no model was called: Be brief\nthis");
        assertThat(task("both").get("prompt").asText()).isEqualTo("this");
    }

    @Test
    void a_task_without_an_id_gets_one() {
        var id = create("{\"prompt\": \"x\", \"model\": \"echo\"}").get("id").asText();

        assertThat(id).matches("task-[0-9]+");
        assertThat(ended(id).get("id").asText()).isEqualTo(id);
    }

    @Test
    void an_id_in_use_is_refused() {
        var body = "{\"id\": \"twice\", \"prompt\": \"x\", \"model\": \"echo\"}";
        create(body);

        var details = refused(gpt.post(TASKS, body), 400, "VALIDATION_ERROR");
        assertThat(details.get("id").asText()).contains("in use");
        var made = create("{\"prompt\": \"x\", \"model\": \"echo\"}").get("id").asText();
        refused(gpt.post(TASKS, body.replace("twice", made)), 400, "VALIDATION_ERROR");
    }

    @Test
    void the_same_request_makes_one_task_and_another_with_its_key_is_refused() {
        var body = "{\"prompt\": \"once\", \"model\": \"echo\", \"idempotencyKey\": \"k\"}";

        var first = create(body).get("id").asText();
        assertThat(create(body).get("id").asText()).isEqualTo(first);
        var details =
                refused(gpt.post(TASKS, body.replace("once", "other")), 400, "VALIDATION_ERROR");
        assertThat(names(details)).containsExactly("idempotencyKey");
        ended(first);
        var native0 = nativeId(first);
        assertThat(world.nativeApi().get("/tasks/" + native0 + "/runs").at("/data").size())
                .isEqualTo(1);
    }

    private static String nativeId(String id) {
        return id.substring("task-".length());
    }

    @Test
    void a_dry_run_asks_nobody_and_says_so() {
        create("{\"id\": \"dry\", \"prompt\": \"x\", \"model\": \"gpt-4\", \"isDryRun\": true}");

        var done = ended("dry");
        assertThat(done.get("isDryRun").booleanValue()).isTrue();
        assertThat(done.at("/result/content").asText()).startsWith("echo, no model was called");
        var body = "{\"prompt\": \"x\", \"model\": \"none\", \"isDryRun\": true}";
        refused(gpt.post(TASKS, body), 400, "MODEL_NOT_SUPPORTED");
    }

    @Test
    void a_failed_task_has_an_error_and_no_result() {
        create("{\"id\": \"fails\", \"prompt\": \"x\", \"model\": \"gpt-4\"}");

        var done = ended("fails");
        assertThat(done.get("status").asText()).isEqualTo("failed");
        assertThat(done.get("error").asText()).contains("gpt-4");
        assertThat(done.has("result")).isFalse();
    }

    @Test
    void a_task_is_changed_and_executed_again() {
        create(
                """
                {"id": "again", "prompt": "one", "model": "echo", "temperature": 0.1,
                 "metadata": {"a": "1", "b": [1, {"c": null}], "n": 5, "t": true}}
                """);
        var before = ended("again");
        assertThat(before.at("/metadata"))
                .isEqualTo(Json.read("{\"a\":\"1\",\"b\":[1,{\"c\":null}],\"n\":5,\"t\":true}"));

        var patch =
                """
                {"prompt": "two", "temperature": 0.8, "metadata": {"priority": "urgent"},
                 "maxTokens": 50}
                """;
        var reply = gpt.patch(TASKS + "/again", patch);
        var changed = granted(reply);
        assertThat(reply.at("/message").asText()).isEqualTo("Task updated successfully");
        assertThat(changed.get("prompt").asText()).isEqualTo("two");
        assertThat(changed.get("temperature").asDouble()).isEqualTo(0.8);
        assertThat(changed.at("/metadata")).isEqualTo(Json.read("{\"priority\":\"urgent\"}"));
        assertThat(changed.at("/result")).isEqualTo(before.at("/result"));

        var started = gpt.post(TASKS + "/again/execute");
        var execution = granted(started);
        assertThat(started.at("/message").asText()).isEqualTo("Task execution started");
        assertThat(names(execution)).containsExactly("executionId", "status");
        assertThat(execution.get("executionId").asText())
                .matches("exec-[0-9]+")
                .isNotEqualTo(before.get("executionId").asText());
        assertThat(execution.get("status").asText()).isIn("running", "completed");
        await().until(
                        () ->
                                task("again")
                                        .at("/result/content")
                                        .asText()
                                        .equals("echo, no model was called: two"));
        var plain = granted(gpt.patch(TASKS + "/again", "{\"temperature\": null}"));
        assertThat(plain.has("temperature")).isFalse();
        assertThat(plain.get("maxTokens").asInt()).isEqualTo(50);
    }

    @Test
    void a_task_is_deleted() {
        create("{\"id\": \"gone\", \"prompt\": \"x\", \"model\": \"echo\"}");

        var reply = gpt.delete(TASKS + "/gone");
        assertThat(reply.status()).isEqualTo(200);
        assertThat(names(reply.json())).containsExactly("success", "message", "timestamp");
        assertThat(reply.at("/message").asText()).isEqualTo("Task deleted successfully");
        refused(gpt.get(TASKS + "/gone"), 404, "TASK_NOT_FOUND");
        create("{\"id\": \"gone\", \"prompt\": \"x\", \"model\": \"echo\"}");
    }

    @Test
    void tasks_are_listed_page_by_page_filtered_and_sorted() {
        for (int i = 0; i < 5; i++) {
            create(
                    "{\"id\": \"l%d\", \"prompt\": \"x\", \"model\": \"echo\", \"batchId\": \"L\"}"
                            .formatted(i));
        }
        var batch = TASKS + "?batchId=L";
        var all = granted(gpt.get(batch));
        assertThat(names(all)).containsExactly("tasks", "pagination");
        assertThat(ids(all)).containsExactly("l4", "l3", "l2", "l1", "l0");
        assertThat(all.get("pagination"))
                .isEqualTo(Json.read("{\"page\":1,\"limit\":10,\"total\":5,\"totalPages\":1}"));
        var second = granted(gpt.get(batch + "&page=2&limit=2&order=asc&sort=createdAt"));
        assertThat(ids(second)).containsExactly("l2", "l3");
        assertThat(second.at("/pagination/totalPages").asInt()).isEqualTo(3);
        assertThat(ids(granted(gpt.get(batch + "&sort=name&order=asc&limit=1"))))
                .containsExactly("l0");
        granted(gpt.post(TASKS + "/l1/execute"));
        ended("l1");
        assertThat(ids(granted(gpt.get(batch + "&status=completed")))).containsExactly("l1");
        assertThat(ids(granted(gpt.get(batch + "&status=pending"))))
                .containsExactly("l4", "l3", "l2", "l0");
        assertThat(ids(granted(gpt.get(batch + "&status=failed")))).isEmpty();
        assertThat(ids(granted(gpt.get(batch + "&status=running")))).isEmpty();
        var made = task("l2").get("createdAt").asText();
        assertThat(ids(granted(gpt.get(batch + "&createdAfter=" + made)))).doesNotContain("l2");
        assertThat(ids(granted(gpt.get(batch + "&createdBefore=" + made))))
                .doesNotContain("l2", "l3", "l4");
        assertThat(ids(granted(gpt.get(batch + "&createdBefore=2020-01-01")))).isEmpty();
        assertThat(granted(gpt.get(batch + "&createdAfter=2020-01-01")).at("/pagination/total"))
                .isEqualTo(all.at("/pagination/total"));
        assertThat(ids(granted(gpt.get(TASKS + "?batchId=nobody")))).isEmpty();
    }

    private static List<String> ids(JsonNode list) {
        return list.get("tasks").findValuesAsText("id");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "page=0",
                "page=x",
                "limit=0",
                "limit=101",
                "status=done",
                "sort=colour",
                "order=up",
                "createdAfter=yesterday",
                "createdBefore=2025-13-01"
            })
    void a_bad_parameter_is_refused_by_its_name(String query) {
        var details = refused(gpt.get(TASKS + "?" + query), 400, "VALIDATION_ERROR");
        assertThat(names(details)).containsExactly(query.substring(0, query.indexOf('=')));
    }

    @Test
    void a_task_made_here_is_a_native_one_and_the_other_way_round() {
        create(
                """
                {"id": "shared", "prompt": "hello", "model": "echo", "temperature": 0.5,
                 "metadata": {"team": "a"}}
                """);
        var seen = world.nativeApi().get("/tasks?q=shared").at("/data/0");
        assertThat(seen.get("origin").asText()).isEqualTo("gpt-task-runner");
        assertThat(seen.get("name").asText()).isEqualTo("shared");
        assertThat(seen.at("/action/prompt/text").asText()).isEqualTo("hello");
        assertThat(seen.at("/action/prompt/temperature").asDouble()).isEqualTo(0.5);
        assertThat(seen.at("/tags/team").asText()).isEqualTo("a");

        var made =
                world.nativeApi()
                        .post(
                                "/tasks",
                                """
                                {"name": "n", "action": {"prompt": {"model": "echo", "messages":
                                 [{"role": "user", "content": "from native"}]}}}
                                """);
        var id = "task-" + made.at("/id").asText();
        assertThat(task(id).get("status").asText()).isEqualTo("pending");
        assertThat(task(id).at("/messages/0/content").asText()).isEqualTo("from native");
        assertThat(ids(granted(gpt.get(TASKS)))).contains(id, "shared");
        granted(gpt.post(TASKS + "/" + id + "/execute"));
        assertThat(ended(id).get("status").asText()).isEqualTo("completed");
        assertThat(granted(gpt.patch(TASKS + "/" + id, "{\"prompt\": \"p\"}")).has("messages"))
                .isFalse();
    }

    @Test
    void what_this_api_cannot_express_does_not_exist_for_it() {
        for (var action :
                List.of(
                        "{\"nothing\": {}}",
                        "{\"prompt\": {\"model\": \"echo\", \"prompt\": \"stored\"}}",
                        "{\"http\": {\"url\": \"https://a.example/x\"}}")) {
            var made =
                    world.nativeApi()
                            .post("/tasks", "{\"name\": \"n\", \"action\": " + action + "}");
            refused(gpt.get(TASKS + "/task-" + made.at("/id").asText()), 404, "TASK_NOT_FOUND");
        }
    }
}
