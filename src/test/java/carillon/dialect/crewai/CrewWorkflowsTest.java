package carillon.dialect.crewai;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
final class CrewWorkflowsTest extends CrewTest {
    @Test
    void a_workflow_is_made_shown_changed_and_deleted() throws Exception {
        var made =
                made(
                        "/workflows/",
                        """
                        {"name":"New Workflow","description":"Workflow description",
                         "workflow_type":"parallel","config":{},"is_active":true}
                        """);
        assertThat(names(made))
                .containsExactly(
                        "id",
                        "name",
                        "description",
                        "workflow_type",
                        "config",
                        "is_active",
                        "created_at",
                        "updated_at",
                        "created_by",
                        "status",
                        "execution_count",
                        "last_executed");
        assertThat(made.path("status").asText()).isEqualTo("draft");
        assertThat(made.path("execution_count").asInt()).isZero();
        assertThat(made.path("last_executed").isNull()).isTrue();
        var path = "/workflows/" + made.path("id");
        assertThat(get(path)).isEqualTo(made);

        var changed = done("PUT", path, "{\"name\":\"Other\",\"is_active\":false}");
        assertThat(changed.path("name").asText()).isEqualTo("Other");
        assertThat(changed.path("workflow_type").asText()).isEqualTo("parallel");
        assertThat(get("/workflows/")).isEmpty();
        assertThat(get("/workflows/?active_only=false")).hasSize(1);
        refused("POST", path + "/execute", "{}", 409, "CONFLICT_ERROR");
        assertThat(done("DELETE", path, "").path("message").asText())
                .isEqualTo("Workflow deleted successfully");
        assertThat(refused("GET", path, "", 404, "NOT_FOUND").path("resource").asText())
                .isEqualTo("Workflow");
    }

    @Test
    void bad_workflows_and_tasks_are_refused_where_they_are_wrong() throws Exception {
        refused("POST", "/workflows/", "{\"name\":\"\"}", 422, "VALIDATION_ERROR");
        refused("POST", "/workflows/", "[]", 422, "VALIDATION_ERROR");
        refused("POST", "/workflows/", "{\"name\":", 400, "BAD_REQUEST");
        refused(
                "POST",
                "/workflows/",
                "{\"name\":\"x\",\"workflow_type\":\"round\"}",
                422,
                "VALIDATION_ERROR");
        long agent = agent("Ann");
        long workflow = workflow("linear", "null");
        refused("POST", "/workflows/" + workflow + "/execute", "{}", 409, "CONFLICT_ERROR");
        task("{\"name\":\"x\"}", "workflow_id");
        var start = "{\"workflow_id\":" + workflow + ",\"name\":\"x\"";
        task(start + "}", "agent_id");
        var mine = start + ",\"agent_id\":" + agent;
        task(mine + ",\"priority\":11}", "priority");
        task(mine + ",\"order\":-1}", "order");
        task(mine + ",\"task_type\":\"other\"}", "task_type");
        task(mine + ",\"task_type\":\"custom_task\"}", "config");
        var custom = start + ",\"task_type\":\"custom_task\",\"config\":";
        task(custom + "{\"tool\":\"a__b\",\"workflow_id\":1}}", "config");
        task(custom + "{\"tool\":7}}", "config\",\"tool");
        task(custom + "{\"tool\":\"a__b\",\"arguments\":[]}}", "config\",\"arguments");
        task(custom + "{\"workflow_id\":\"x\"}}", "config\",\"workflow_id");
        refused("POST", "/tasks/", custom + "{\"workflow_id\":999}}", 404, "NOT_FOUND");
        task(mine + ",\"task_type\":\"data_task\"}", "config\",\"map");
        task(mine + ",\"task_type\":\"api_task\"}", "config\",\"url");
        task(mine + ",\"dependencies\":[7]}", "dependencies");
        task(mine + ",\"dependencies\":[\"a\"]}", "dependencies\",0");
        task(mine + ",\"config\":{\"when\":{\"path\":\"a\"}}}", "config\",\"when\",\"op");
        refused("POST", "/tasks/", "{\"workflow_id\":1,\"name\":\"x\"}", 404, "NOT_FOUND");
        refused("POST", "/tasks/", start + ",\"agent_id\":1}", 404, "NOT_FOUND");
        assertThat(get("/tasks/")).isEmpty();

        long first = task(workflow, agent, "first", "");
        long second = task(workflow, agent, "second", ",\"dependencies\":[" + first + "]");
        var cycle = "{\"dependencies\":[" + second + "]}";
        var details = refused("PUT", "/tasks/" + first, cycle, 422, "VALIDATION_ERROR");
        assertThat(details.at("/errors/0/loc/1").asText()).isEqualTo("dependencies");
        assertThat(details.at("/errors/0/msg").asText()).contains("cycle");
        refused("DELETE", "/tasks/" + first, "", 409, "CONFLICT_ERROR");
    }

    private void task(String body, String field) throws Exception {
        var details = refused("POST", "/tasks/", body, 422, "VALIDATION_ERROR");
        assertThat(details.at("/errors/0/loc").toString()).contains("\"" + field);
    }

    @Test
    void a_linear_workflow_hands_on_what_its_tasks_brought() throws Exception {
        answers(text -> text.startsWith("Research") ? "three facts" : "an article");
        long agent = agent("Ann");
        long workflow = workflow("linear", "null");
        long write = task(workflow, agent, "Write", ",\"order\":2");
        long research =
                task(workflow, agent, "Research", ",\"order\":1,\"description\":\"Find out\"");
        var ended = executed(workflow, "{\"input_data\":{\"topic\":\"AI in Healthcare\"}}");

        assertThat(ended.path("status").asText()).isEqualTo("completed");
        assertThat(names(ended))
                .containsExactly(
                        "id",
                        "workflow_id",
                        "status",
                        "started_at",
                        "completed_at",
                        "input_data",
                        "output_data",
                        "error_message",
                        "execution_log",
                        "created_by");
        assertThat(ended.at("/input_data/topic").asText()).isEqualTo("AI in Healthcare");
        assertThat(ended.path("output_data").toString()).contains("an article");
        assertThat(ended.path("error_message").isNull()).isTrue();
        assertThat(asked()).hasSize(2);
        assertThat(question(asked().get(0)))
                .startsWith("Research\nFind out")
                .contains("AI in Healthcare");
        assertThat(question(asked().get(1))).startsWith("Write").contains("three facts");

        var shown = get("/workflows/" + workflow);
        assertThat(shown.path("status").asText()).isEqualTo("completed");
        assertThat(shown.path("execution_count").asInt()).isEqualTo(1);
        assertThat(shown.path("last_executed").asText()).matches(TIME);
        var task = get("/tasks/" + research);
        assertThat(task.path("status").asText()).isEqualTo("completed");
        assertThat(task.path("output_data").asText()).isEqualTo("three facts");
        assertThat(get("/workflows/" + workflow + "/executions")).hasSize(1);
        var logs = get("/executions/" + ended.path("id") + "/logs");
        assertThat(logs.path("execution_id")).isEqualTo(ended.path("id"));
        assertThat(logs.path("logs").findValuesAsText("message"))
                .contains(
                        "Execution started", "Task " + write + " completed", "Execution completed");
        assertThat(names(logs.at("/logs/0")))
                .containsExactly("timestamp", "level", "message", "details");
        assertThat(get("/executions/" + ended.path("id") + "/status").toString())
                .isEqualTo(
                        "{\"execution_id\":%s,\"status\":\"completed\"}"
                                .formatted(ended.path("id")));
    }

    @Test
    void a_linear_workflow_stops_at_the_first_failure_and_its_task_can_be_tried_again()
            throws Exception {
        answers(text -> text.startsWith("bad") ? "FAIL" : "fine");
        long agent = agent("Ann");
        long workflow = workflow("linear", "null");
        long good = task(workflow, agent, "good", ",\"order\":1");
        long bad = task(workflow, agent, "bad", ",\"order\":2");
        long never = task(workflow, agent, "never", ",\"order\":3");
        refused("POST", "/tasks/" + bad + "/retry", "", 409, "CONFLICT_ERROR");
        var ended = executed(workflow, "");
        assertThat(ended.path("status").asText()).isEqualTo("failed");
        assertThat(ended.path("error_message").asText()).contains("failed");
        assertThat(get("/tasks/" + bad).path("status").asText()).isEqualTo("failed");
        assertThat(get("/tasks/" + never).path("status").asText()).isIn("skipped", "pending");

        answers(text -> text.contains("fine") ? "better" : "no results were given");
        var begun = done("POST", "/tasks/" + bad + "/retry", "");
        assertThat(names(begun))
                .containsExactly(
                        "id",
                        "task_id",
                        "workflow_execution_id",
                        "status",
                        "started_at",
                        "completed_at",
                        "input_data",
                        "output_data",
                        "error_message",
                        "execution_log",
                        "tokens_used",
                        "execution_time",
                        "created_by");
        assertThat(begun.path("status").asText()).isEqualTo("pending");
        ended(begun.path("workflow_execution_id").asLong());
        var after = get("/tasks/" + bad);
        assertThat(after.path("status").asText()).isEqualTo("completed");
        assertThat(after.path("output_data").asText()).isEqualTo("better");
        assertThat(asked()).hasSize(3);
        var executions = get("/tasks/" + bad + "/executions");
        assertThat(executions.findValuesAsText("status")).containsExactly("completed", "failed");
        assertThat(executions.path(0).path("tokens_used").asInt()).isEqualTo(15);
        assertThat(executions.path(0).path("execution_time").isNumber()).isTrue();
        assertThat(get("/executions/" + executions.path(1).path("id")).path("task_id").asLong())
                .isEqualTo(bad);

        var once = done("POST", "/tasks/" + good + "/execute", "{\"input_data\":{\"a\":1}}");
        ended(once.path("id").asLong());
        assertThat(asked()).hasSize(4);
        assertThat(question(asked().getLast())).contains("{\"a\":1}");
    }

    @Test
    void conditions_and_data_tasks_look_into_what_was_answered() throws Exception {
        answers(text -> text.startsWith("score") ? "{\"score\":0.9,\"who\":\"Ada\"}" : "done");
        long agent = agent("Ann");
        long workflow = workflow("conditional", "null");
        long score = task(workflow, agent, "score", "");
        var depends = ",\"dependencies\":[" + score + "]";
        long high =
                task(workflow, agent, "high", depends + when("tasks." + score + ".output.score"));
        long gone =
                task(workflow, agent, "gone", depends + when("tasks." + score + ".output.none"));
        var data =
                made(
                        "/tasks/",
                        """
                        {"workflow_id":%d,"name":"pick","task_type":"data_task"%s,
                         "config":{"map":{"name":"tasks.%d.output.who"}}}
                        """
                                .formatted(workflow, depends, score));
        var ended = executed(workflow, "");
        assertThat(ended.path("status").asText()).isEqualTo("completed");
        assertThat(get("/tasks/" + high).path("status").asText()).isEqualTo("completed");
        assertThat(get("/tasks/" + gone).path("status").asText()).isEqualTo("skipped");
        assertThat(get("/tasks/" + data.path("id")).path("output_data").toString())
                .isEqualTo("{\"name\":\"Ada\"}");
        assertThat(get("/tasks/workflow/" + workflow)).hasSize(4);
        assertThat(get("/tasks/?status=skipped")).hasSize(1);
        assertThat(get("/tasks/?agent_id=" + agent + "&limit=2")).hasSize(2);
        assertThat(get("/tasks/?workflow_id=1")).isEmpty();
    }

    @Test
    void a_custom_task_does_another_workflow_or_uses_a_tool() throws Exception {
        answers(text -> text.contains("inner") ? "deep" : "done");
        long agent = agent("Ann");
        long inner = workflow("linear", "null");
        long leaf = task(inner, agent, "inner", "");
        long outer = workflow("linear", "null");
        var custom =
                """
                {"workflow_id":%d,"name":"do","task_type":"custom_task","order":%d,"config":%s}
                """;
        var calls = made("/tasks/", custom.formatted(outer, 1, "{\"workflow_id\":" + inner + "}"));
        task(outer, agent, "after", ",\"order\":2");
        assertThat(executed(outer, "{\"word\":1}").path("status").asText()).isEqualTo("completed");
        assertThat(get("/tasks/" + calls.path("id")).at("/output_data/outputs/" + leaf).asText())
                .isEqualTo("deep");
        assertThat(get("/tasks/" + leaf).path("status").asText()).isEqualTo("completed");

        var tool = "{\"tool\":\"none__such\",\"arguments\":{\"a\":1}}";
        long alone = workflow("linear", "null");
        var uses = made("/tasks/", custom.formatted(alone, 1, tool));
        assertThat(uses.at("/config/arguments/a").asInt()).isEqualTo(1);
        assertThat(executed(alone, "").path("status").asText()).isEqualTo("failed");
    }

    private static String when(String path) {
        return ",\"config\":{\"when\":{\"path\":\"%s\",\"op\":\"gt\",\"value\":0.5}}"
                .formatted(path);
    }

    @Test
    void a_loop_goes_on_until_its_condition_holds() throws Exception {
        answers(_ -> "{\"left\":" + (2 - Math.min(2, asked().size() - 1)) + "}");
        long agent = agent("Ann");
        long workflow = workflow("loop", "{\"max_iterations\":5}");
        long step = task(workflow, agent, "again", "");
        done(
                "PUT",
                "/workflows/" + workflow,
                """
                {"config":{"max_iterations":5,
                  "until":{"path":"tasks.%d.output.left","op":"eq","value":0}}}
                """
                        .formatted(step));
        assertThat(executed(workflow, "").path("status").asText()).isEqualTo("completed");
        assertThat(asked()).hasSize(3);
        assertThat(get("/tasks/" + step + "/executions")).hasSize(3);
    }

    @Test
    void an_api_task_calls_and_inactive_tasks_are_left_out() throws Exception {
        long agent = agent("Ann");
        long workflow = workflow("parallel", "null");
        var call =
                made(
                        "/tasks/",
                        """
                        {"workflow_id":%d,"name":"call","task_type":"api_task",
                         "config":{"url":"%s"}}
                        """
                                .formatted(workflow, server().uri("/health/live")));
        long off = task(workflow, agent, "off", ",\"is_active\":false");
        var ended = executed(workflow, "");
        assertThat(ended.path("status").asText()).as(ended.toString()).isEqualTo("completed");
        assertThat(get("/tasks/" + call.path("id")).path("status").asText()).isEqualTo("completed");
        assertThat(get("/tasks/" + off).path("status").asText()).isEqualTo("pending");
        assertThat(asked()).isEmpty();
        refused("POST", "/tasks/" + off + "/execute", "", 409, "CONFLICT_ERROR");
        done("DELETE", "/tasks/" + off, "");
        refused("GET", "/tasks/" + off, "", 404, "NOT_FOUND");
    }

    /// "yes", but to what begins with "one" only once the gate is open.
    private void answersWhenOpen(CountDownLatch gate) {
        answers(
                text -> {
                    if (text.startsWith("one")) {
                        await(gate);
                    }
                    return "yes";
                });
    }

    @Test
    void pause_lets_running_tasks_end_and_begins_none_until_it_is_resumed() throws Exception {
        var gate = new CountDownLatch(1);
        answersWhenOpen(gate);
        long agent = agent("Ann");
        long workflow = workflow("linear", "null");
        long one = task(workflow, agent, "one", ",\"order\":1");
        long two = task(workflow, agent, "two", ",\"order\":2");
        var path = "/workflows/" + workflow;
        refused("POST", path + "/pause", "", 409, "CONFLICT_ERROR");
        var begun = done("POST", path + "/execute", "");
        Awaitility.await().until(() -> asked().size() == 1);
        assertThat(done("POST", path + "/pause", "").path("message").asText())
                .isEqualTo("Workflow paused successfully");
        var execution = "/executions/" + begun.path("id");
        assertThat(get(execution + "/status").path("status").asText()).isEqualTo("paused");
        assertThat(get(path).path("status").asText()).isEqualTo("paused");
        gate.countDown();
        server().await(
                        API + "/tasks/" + one,
                        task -> task.path("status").asText().equals("completed"));
        server().await(
                        "/api/v1/runs/" + begun.path("id"),
                        run -> run.path("reason").asText().equals("paused"));
        assertThat(get("/tasks/" + two).path("status").asText()).isEqualTo("pending");
        assertThat(asked()).hasSize(1);

        assertThat(done("POST", path + "/resume", "").path("message").asText())
                .isEqualTo("Workflow resumed successfully");
        assertThat(ended(begun.path("id").asLong()).path("status").asText()).isEqualTo("completed");
        assertThat(asked()).hasSize(2);
        refused("POST", path + "/resume", "", 409, "CONFLICT_ERROR");
    }

    @Test
    void a_workflow_that_another_one_calls_pauses_and_goes_on_with_it() throws Exception {
        var gate = new CountDownLatch(1);
        answersWhenOpen(gate);
        long agent = agent("Ann");
        long called = workflow("linear", "null");
        task(called, agent, "one", ",\"order\":1");
        task(called, agent, "two", ",\"order\":2");
        long calling = workflow("linear", "null");
        made(
                "/tasks/",
                """
                {"workflow_id":%d,"name":"call","task_type":"custom_task",
                 "config":{"workflow_id":%d}}
                """
                        .formatted(calling, called));
        var path = "/workflows/" + calling;
        var begun = done("POST", path + "/execute", "");
        Awaitility.await().until(() -> asked().size() == 1);
        done("POST", path + "/pause", "");
        gate.countDown();
        var below = get("/workflows/" + called + "/executions").path(0).path("id");
        server().await(
                        "/api/v1/runs/" + below,
                        run -> run.path("reason").asText().equals("paused"));
        assertThat(asked()).hasSize(1);
        // It is not paused itself, and so has nothing to be resumed from.
        refused("POST", "/workflows/" + called + "/resume", "", 409, "CONFLICT_ERROR");

        done("POST", path + "/resume", "");
        assertThat(ended(begun.path("id").asLong()).path("status").asText()).isEqualTo("completed");
        assertThat(ended(below.asLong()).path("status").asText()).isEqualTo("completed");
        assertThat(asked()).hasSize(2);
    }

    private static void await(CountDownLatch gate) {
        try {
            boolean opened = gate.await(60, TimeUnit.SECONDS);
            assertThat(opened).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void cancel_interrupts_what_runs() throws Exception {
        var gate = new CountDownLatch(1);
        answers(
                _ -> {
                    await(gate);
                    return "late";
                });
        long agent = agent("Ann");
        long workflow = workflow("parallel", "null");
        long task = task(workflow, agent, "slow", "");
        var begun = done("POST", "/workflows/" + workflow + "/execute", "");
        Awaitility.await().until(() -> asked().size() == 1);
        assertThat(done("POST", "/workflows/" + workflow + "/cancel", "").path("message").asText())
                .isEqualTo("Workflow cancelled successfully");
        assertThat(ended(begun.path("id").asLong()).path("status").asText()).isEqualTo("cancelled");
        server().await(
                        API + "/tasks/" + task,
                        view -> view.path("status").asText().equals("cancelled"));
        gate.countDown();
        refused("POST", "/executions/" + begun.path("id") + "/cancel", "", 409, "CONFLICT_ERROR");

        var again = done("POST", "/workflows/" + workflow + "/execute", "");
        var cancelled =
                server().ask("POST", API + "/executions/" + again.path("id") + "/cancel", "");
        assertThat(cancelled.status()).isIn(200, 409);
    }

    @Test
    void statistics_count_what_happened() throws Exception {
        answers(text -> text.startsWith("bad") ? "FAIL" : "fine");
        long agent = agent("Ann");
        long good = workflow("parallel", "null");
        task(good, agent, "good", "");
        long bad = workflow("parallel", "null");
        task(bad, agent, "bad", "");
        executed(good, "");
        executed(good, "");
        executed(bad, "");
        var stats = get("/executions/stats");
        assertThat(names(stats))
                .containsExactly(
                        "total_executions",
                        "successful_executions",
                        "failed_executions",
                        "running_executions",
                        "success_rate",
                        "average_execution_time",
                        "total_tokens_used",
                        "executions_by_day",
                        "top_workflows",
                        "error_breakdown");
        assertThat(stats.path("total_executions").asInt()).isEqualTo(3);
        assertThat(stats.path("successful_executions").asInt()).isEqualTo(2);
        assertThat(stats.path("failed_executions").asInt()).isEqualTo(1);
        assertThat(stats.path("running_executions").asInt()).isZero();
        assertThat(stats.path("success_rate").asDouble()).isEqualTo(66.67);
        assertThat(stats.path("total_tokens_used").asInt()).isEqualTo(30);
        assertThat(names(stats.at("/executions_by_day/0")))
                .containsExactly("date", "count", "successful", "failed");
        assertThat(stats.at("/top_workflows/0/workflow_id").asLong()).isEqualTo(good);
        assertThat(stats.at("/top_workflows/0/count").asInt()).isEqualTo(2);
        assertThat(names(stats.at("/error_breakdown/0"))).containsExactly("error", "count");
        var one = get("/executions/stats?days=1&workflow_id=" + bad);
        assertThat(one.path("total_executions").asInt()).isEqualTo(1);
        assertThat(one.path("success_rate").asDouble()).isZero();
        refused("GET", "/executions/stats?days=0", "", 422, "VALIDATION_ERROR");

        assertThat(get("/executions/")).hasSize(3);
        assertThat(get("/executions/?status=failed")).hasSize(1);
        assertThat(get("/executions/?workflow_id=" + good + "&limit=1")).hasSize(1);
        assertThat(get("/executions/?skip=2")).hasSize(1);
        refused("GET", "/executions/?status=other", "", 422, "VALIDATION_ERROR");
        refused("GET", "/executions/1", "", 404, "NOT_FOUND");
        refused("GET", "/nothing", "", 404, "NOT_FOUND");
        refused("PATCH", "/agents/", "{}", 405, "METHOD_NOT_ALLOWED");
    }

    @Test
    void a_step_of_a_deleted_agent_fails_and_says_so() throws Exception {
        long agent = agent("Ann");
        long workflow = workflow("parallel", "null");
        task(workflow, agent, "orphan", "");
        done("DELETE", "/agents/" + agent, "");
        var ended = executed(workflow, "");
        assertThat(ended.path("status").asText()).isEqualTo("failed");
        assertThat(ended.path("execution_log").findValuesAsText("message").toString())
                .contains("there is no agent '" + agent + "'");
    }
}
