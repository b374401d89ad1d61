package carillon.dialect.crewai;

import static carillon.web.Permission.EDIT;
import static carillon.web.Permission.OPERATE;
import static carillon.web.Permission.VIEW;
import static carillon.web.Route.Method.DELETE;
import static carillon.web.Route.Method.GET;
import static carillon.web.Route.Method.POST;
import static carillon.web.Route.Method.PUT;

import carillon.json.Fields;
import carillon.json.Problems;
import carillon.run.Run;
import carillon.run.RunState;
import carillon.web.Answer;
import carillon.web.Call;
import carillon.web.Route;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// `/tasks`: the steps of workflows.
final class TaskRoutes {
    private static final List<String> STATUSES =
            List.of("pending", "running", "completed", "failed", "cancelled", "skipped");
    private static final int PAGE = 500;

    private final CrewAiApi.Parts parts;
    private final Workflows workflows;
    private final Executions executions;

    TaskRoutes(CrewAiApi.Parts parts, Workflows workflows, Executions executions) {
        this.parts = parts;
        this.workflows = workflows;
        this.executions = executions;
    }

    List<Route> routes() {
        var all = CrewAiApi.ROOT + "/tasks";
        var one = all + "/{task_id}";
        var routes = new ArrayList<Route>();
        routes.add(new Route(GET, all, VIEW, this::list));
        routes.add(new Route(POST, all, EDIT, this::create));
        routes.add(new Route(GET, one, VIEW, call -> shown(require(call))));
        routes.add(new Route(PUT, one, EDIT, this::update));
        routes.add(new Route(DELETE, one, EDIT, this::delete));
        routes.add(new Route(POST, one + "/execute", OPERATE, this::execute));
        routes.add(new Route(POST, one + "/retry", OPERATE, this::retry));
        routes.add(new Route(GET, one + "/executions", VIEW, this::executions));
        routes.add(new Route(GET, all + "/workflow/{workflow_id}", VIEW, this::ofWorkflow));
        return routes;
    }

    private Workflows.Found require(Call call) {
        var id = CrewAiApi.require(call, "task_id", "Task");
        return workflows
                .findTask(id)
                .orElseThrow(() -> Failures.notFound("Task", Long.toString(id)));
    }

    private Answer shown(Workflows.Found found) {
        return Answer.ok(view(found, executions.newestOfTasks(found.workflow())));
    }

    private ObjectNode view(Workflows.Found found, Map<Long, Run> newest) {
        var out = Workflows.view(found);
        var run = Optional.ofNullable(newest.get(found.id()));
        out.put("status", run.map(one -> Statuses.of(one, false)).orElse("pending"));
        out.set(
                "output_data",
                run.<JsonNode>map(one -> Executions.value(parts.runs().output(one.id())))
                        .orElse(NullNode.instance));
        return out;
    }

    /// In the order of their ids.
    private Answer list(Call call) {
        var paging = Paging.of(call);
        var workflow = Paging.id(call, "workflow_id");
        var agent = Paging.id(call, "agent_id");
        var status = Paging.choice(call, "status", STATUSES);
        var newest = new HashMap<Long, Map<Long, Run>>();
        var views = new ArrayList<ObjectNode>();
        int wanted = paging.skip() + paging.limit();
        long after = 0;
        while (views.size() < wanted) {
            var page = parts.records().numbers().list(after, PAGE);
            for (var numbered : page) {
                if (workflow.isEmpty() || workflow.get() == numbered.workflow()) {
                    workflows
                            .findTask(numbered.number())
                            .filter(found -> agent.isEmpty() || isOf(found, agent.get()))
                            .map(found -> view(found, newestOf(found, newest)))
                            .filter(view -> status.stream().allMatch(has(view)::equals))
                            .ifPresent(views::add);
                }
            }
            if (page.size() < PAGE) {
                break;
            }
            after = page.getLast().number();
        }
        return CrewAiApi.list(paging.of(views));
    }

    private static String has(ObjectNode view) {
        return view.path("status").asText();
    }

    private Map<Long, Run> newestOf(Workflows.Found found, Map<Long, Map<Long, Run>> known) {
        return known.computeIfAbsent(
                found.workflow().id().value(), _ -> executions.newestOfTasks(found.workflow()));
    }

    private static boolean isOf(Workflows.Found found, long agent) {
        return found.task().path("agent_id").asLong() == agent;
    }

    private Answer ofWorkflow(Call call) {
        var id = CrewAiApi.require(call, "workflow_id", "Workflow");
        var workflow = workflows.require(id);
        var newest = executions.newestOfTasks(workflow);
        return CrewAiApi.list(
                Sheet.of(workflow).tasks().stream()
                        .map(task -> view(new Workflows.Found(workflow, task), newest))
                        .toList());
    }

    private Answer create(Call call) {
        var problems = new Problems();
        var workflowId =
                Fields.of(call.json(), "", problems)
                        .map(
                                fields -> {
                                    if (!fields.has("workflow_id")) {
                                        fields.problem("workflow_id", "is required");
                                    }
                                    return fields.wholeNumber("workflow_id", 1, Long.MAX_VALUE);
                                });
        Failures.refuse(problems, name -> name);
        var workflow = workflows.require(workflowId.orElseThrow().getAsLong());
        var task = TaskForm.read(call.json(), Optional.empty());
        requireOthers(task);
        long number = parts.records().numbers().assign(workflow.id().value());
        var now = Times.write(parts.time().instant());
        task.put("id", number);
        task.put("created_at", now).put("updated_at", now).putNull("created_by");
        try {
            var changed =
                    workflows.change(
                            workflow.id(),
                            Workflows.Change.of(sheet -> sheet.with(task)),
                            call.caller());
            var found = new Workflows.Found(changed, task);
            return Answer.created(view(found, Map.of()));
        } catch (RuntimeException e) {
            parts.records().numbers().forget(number);
            throw e;
        }
    }

    /// What the task needs is there: its agent, the workflow that it does.
    private void requireOthers(ObjectNode task) {
        var workflow = task.path("config").path("workflow_id");
        if (task.path("task_type").asText().equals("custom_task") && workflow.canConvertToLong()) {
            workflows.require(workflow.asLong());
        }
        var agent = task.get("agent_id");
        if (agent.isNumber() && parts.agents().find(agent.asLong()).isEmpty()) {
            throw Failures.notFound("Agent", agent.asText());
        }
    }

    private Answer update(Call call) {
        var before = require(call);
        var sent = TaskForm.read(call.json(), Optional.of(before.task()));
        requireOthers(sent);
        var change =
                Workflows.Change.of(
                        sheet -> {
                            var task = sheet.find(before.id()).orElseThrow(() -> gone(before));
                            return sheet.with(updated(task.deepCopy(), sent));
                        });
        var after = workflows.change(before.workflow().id(), change, call.caller());
        var task = Sheet.of(after).find(before.id()).orElseThrow(() -> gone(before));
        return shown(new Workflows.Found(after, task));
    }

    private ObjectNode updated(ObjectNode task, ObjectNode sent) {
        task.setAll(sent);
        return task.put("updated_at", Times.write(parts.time().instant()));
    }

    private static RuntimeException gone(Workflows.Found found) {
        return Failures.notFound("Task", Long.toString(found.id()));
    }

    private Answer delete(Call call) {
        var found = require(call);
        var change =
                Workflows.Change.of(
                        sheet -> {
                            var others = sheet.dependents(found.id());
                            if (!others.isEmpty()) {
                                throw Failures.conflict("Tasks depend on it: " + others);
                            }
                            return sheet.without(found.id());
                        });
        workflows.change(found.workflow().id(), change, call.caller());
        parts.records().numbers().forget(found.id());
        return CrewAiApi.done("Task deleted");
    }

    private Answer execute(Call call) {
        var found = require(call);
        if (!found.task().path("is_active").asBoolean()) {
            throw Failures.conflict("The task is not active");
        }
        var input = Executions.input(call);
        var newest = executions.newest(found.workflow());
        return begun(found, executions.beginOnly(found, newest, input));
    }

    private static Answer begun(Workflows.Found found, Run execution) {
        return Answer.ok(Executions.pending(found.id(), execution));
    }

    private Answer retry(Call call) {
        var found = require(call);
        var failed =
                executions.ofTask(found).stream()
                        .filter(run -> run.state() == RunState.FAILED)
                        .findFirst()
                        .orElseThrow(
                                () -> Failures.conflict("No execution of the task has failed"));
        var execution = failed.occasion().parent().flatMap(parts.runs()::find);
        return begun(found, executions.beginOnly(found, execution, Optional.empty()));
    }

    private Answer executions(Call call) {
        var found = require(call);
        var paging = Paging.of(call);
        return CrewAiApi.list(
                executions.viewsOfTask(found.id(), paging.of(executions.ofTask(found))));
    }
}
