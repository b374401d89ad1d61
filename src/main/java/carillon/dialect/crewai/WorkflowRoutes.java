package carillon.dialect.crewai;

import static carillon.web.Permission.EDIT;
import static carillon.web.Permission.OPERATE;
import static carillon.web.Permission.VIEW;
import static carillon.web.Route.Method.DELETE;
import static carillon.web.Route.Method.GET;
import static carillon.web.Route.Method.POST;
import static carillon.web.Route.Method.PUT;

import carillon.json.Fields;
import carillon.json.Json;
import carillon.json.Problems;
import carillon.run.Run;
import carillon.task.Task;
import carillon.web.Answer;
import carillon.web.Call;
import carillon.web.Route;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// `/workflows`.
final class WorkflowRoutes {
    private static final int MAX_NAME = 200;
    private static final int MAX_DESCRIPTION = 2_000;

    private final CrewAiApi.Parts parts;
    private final Workflows workflows;
    private final Executions executions;

    WorkflowRoutes(CrewAiApi.Parts parts, Workflows workflows, Executions executions) {
        this.parts = parts;
        this.workflows = workflows;
        this.executions = executions;
    }

    List<Route> routes() {
        var all = CrewAiApi.ROOT + "/workflows";
        var one = all + "/{workflow_id}";
        var routes = new ArrayList<Route>();
        routes.add(new Route(GET, all, VIEW, this::list));
        routes.add(new Route(POST, all, EDIT, this::create));
        routes.add(new Route(GET, one, VIEW, call -> Answer.ok(view(require(call)))));
        routes.add(new Route(PUT, one, EDIT, this::update));
        routes.add(new Route(DELETE, one, EDIT, this::delete));
        routes.add(new Route(POST, one + "/execute", OPERATE, this::execute));
        routes.add(new Route(GET, one + "/executions", VIEW, this::executions));
        routes.add(new Route(POST, one + "/pause", OPERATE, this::pause));
        routes.add(new Route(POST, one + "/resume", OPERATE, this::resume));
        routes.add(new Route(POST, one + "/cancel", OPERATE, this::cancel));
        return routes;
    }

    private Task require(Call call) {
        return workflows.require(CrewAiApi.require(call, "workflow_id", "Workflow"));
    }

    private Answer list(Call call) {
        boolean active = Paging.bool(call, "active_only", true);
        return CrewAiApi.list(
                workflows.list(active, Paging.of(call)).stream().map(this::view).toList());
    }

    private ObjectNode view(Task task) {
        var sheet = Sheet.of(task);
        var newest = executions.newest(task);
        var out = Json.object().put("id", task.id().value());
        out.put("name", task.definition().name());
        var description = task.definition().description();
        out.put("description", description.isEmpty() ? null : description);
        out.put("workflow_type", sheet.type());
        out.set("config", sheet.config().orElse(null));
        out.put("is_active", !task.paused());
        out.put("created_at", Times.write(task.createdAt()));
        out.put("updated_at", Times.write(task.updatedAt()));
        out.putNull("created_by");
        out.put("status", status(task, sheet, newest));
        out.put("execution_count", executions.count(task));
        return Times.put(out, "last_executed", newest.map(Executions::begun));
    }

    private String status(Task task, Sheet sheet, Optional<Run> newest) {
        if (newest.isEmpty()) {
            return sheet.tasks().isEmpty() || task.paused() ? "draft" : "active";
        }
        return switch (executions.status(newest.get())) {
            case "pending", "running" -> "active";
            case "skipped" -> "cancelled";
            case String other -> other;
        };
    }

    /// What was sent, as the native head of a task, and as a sheet without its tasks.
    private record Sent(ObjectNode head, Sheet sheet, boolean active) {}

    private static Sent read(Call call, Optional<ObjectNode> before) {
        var whole = before.orElseGet(WorkflowRoutes::preset);
        if (call.json() instanceof ObjectNode fields) {
            whole.setAll(fields);
        }
        var problems = new Problems();
        var sent =
                Fields.of(call.json() instanceof ObjectNode ? whole : call.json(), "", problems)
                        .map(WorkflowRoutes::read);
        Failures.refuse(problems, name -> name);
        return sent.orElseThrow();
    }

    private static ObjectNode preset() {
        return Json.object().put("workflow_type", "linear").put("is_active", true);
    }

    private static Sent read(Fields fields) {
        var head = Json.object().put("name", fields.requiredText("name", MAX_NAME).orElse(""));
        head.put("description", fields.text("description", MAX_DESCRIPTION).orElse(""));
        var type = fields.text("workflow_type", MAX_NAME).orElse("linear");
        if (!Sheet.TYPES.contains(type)) {
            fields.problem("workflow_type", "must be one of " + String.join(", ", Sheet.TYPES));
        }
        var config = fields.raw("config");
        if (config.filter(sent -> !sent.isObject()).isPresent()) {
            fields.problem("config", "must be an object");
        }
        var own = config.filter(ObjectNode.class::isInstance).map(ObjectNode.class::cast);
        boolean active = fields.bool("is_active").orElse(true);
        return new Sent(head, new Sheet(type, own, List.of()), active);
    }

    private Answer create(Call call) {
        var sent = read(call, Optional.empty());
        return Answer.created(
                view(workflows.create(sent.head, sent.sheet, sent.active, call.caller())));
    }

    private Answer update(Call call) {
        var before = require(call);
        var sent = read(call, Optional.of(view(before)));
        var change =
                new Workflows.Change(
                        sheet -> sheet.of(sent.sheet.type(), sent.sheet.config()),
                        head -> head.setAll(sent.head));
        var after = workflows.change(before.id(), change, call.caller());
        if (sent.active == after.paused()) {
            var tasks = parts.tasks();
            after =
                    (sent.active ? tasks.resume(after.id()) : tasks.pause(after.id()))
                            .orElse(after);
        }
        return Answer.ok(view(after));
    }

    private Answer delete(Call call) {
        var task = require(call);
        if (!parts.tasks().delete(task.id())) {
            throw Failures.notFound("Workflow", task.id().toString());
        }
        return CrewAiApi.done("Workflow deleted");
    }

    private Answer execute(Call call) {
        var task = require(call);
        var input = Executions.input(call);
        if (task.paused()) {
            throw Failures.conflict("The workflow is not active");
        }
        if (Sheet.of(task).active().isEmpty()) {
            throw Failures.conflict("The workflow has no active tasks");
        }
        return Answer.ok(executions.view(executions.begin(task, input)));
    }

    private Answer executions(Call call) {
        var task = require(call);
        return CrewAiApi.list(executions.of(task, Paging.of(call)));
    }

    private Answer pause(Call call) {
        return each(call, "paused", run -> parts.batches().pause(run.id()));
    }

    private Answer resume(Call call) {
        return each(call, "resumed", run -> parts.batches().resume(run.id()));
    }

    private Answer cancel(Call call) {
        return each(call, "cancelled", executions::cancel);
    }

    /// Does it to all executions under way, of which there must be one that it can be done to.
    private Answer each(Call call, String done, Predicate<Run> act) {
        long count = executions.open(require(call)).stream().filter(act).count();
        if (count == 0) {
            throw Failures.conflict("No execution of the workflow can be " + done);
        }
        return CrewAiApi.done("Workflow " + done);
    }
}
