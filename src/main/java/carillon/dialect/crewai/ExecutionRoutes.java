package carillon.dialect.crewai;

import static carillon.web.Permission.OPERATE;
import static carillon.web.Permission.VIEW;
import static carillon.web.Route.Method.GET;
import static carillon.web.Route.Method.POST;

import carillon.json.Json;
import carillon.run.Run;
import carillon.run.RunState;
import carillon.web.Answer;
import carillon.web.Call;
import carillon.web.Route;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// `/executions`: the runs of workflows.
final class ExecutionRoutes {
    private final CrewAiApi.Parts parts;
    private final Workflows workflows;
    private final Executions executions;

    ExecutionRoutes(CrewAiApi.Parts parts, Workflows workflows, Executions executions) {
        this.parts = parts;
        this.workflows = workflows;
        this.executions = executions;
    }

    List<Route> routes() {
        var all = CrewAiApi.ROOT + "/executions";
        var one = all + "/{execution_id}";
        var statistics = new Statistics(parts);
        var routes = new ArrayList<Route>();
        routes.add(new Route(GET, all, VIEW, this::list));
        routes.add(new Route(GET, all + "/stats", VIEW, statistics::answer));
        routes.add(new Route(GET, one, VIEW, this::find));
        routes.add(new Route(GET, one + "/logs", VIEW, this::logs));
        routes.add(new Route(GET, one + "/status", VIEW, this::status));
        routes.add(new Route(POST, one + "/cancel", OPERATE, this::cancel));
        return routes;
    }

    private Answer list(Call call) {
        var paging = Paging.of(call);
        var status = Paging.choice(call, "status", Statuses.ALL);
        var workflow = Paging.id(call, "workflow_id");
        if (workflow.isPresent()) {
            var task = workflows.require(workflow.get());
            var all = executions.of(task, new Paging(0, Integer.MAX_VALUE));
            return CrewAiApi.list(
                    paging.of(all.stream().filter(view -> isOf(view, status.orElse(""))).toList()));
        }
        var states = Statuses.states(status);
        var found =
                parts.records().runs().list(CrewAiApi.NAME, states, paging.skip(), paging.limit());
        return CrewAiApi.list(
                executions.views(found).stream()
                        .filter(view -> isOf(view, status.orElse("")))
                        .toList());
    }

    private static boolean isOf(ObjectNode view, String status) {
        return status.isEmpty() || view.path("status").asText().equals(status);
    }

    private Answer find(Call call) {
        var run = executions.require(call);
        if (run.occasion().step().isPresent()) {
            return Answer.ok(ofTask(run));
        }
        var view = executions.view(run);
        view.set("execution_log", log(run));
        return Answer.ok(view);
    }

    private ObjectNode ofTask(Run step) {
        var execution = step.occasion().parent().flatMap(parts.runs()::find).orElseThrow();
        return executions.tasks(execution).stream()
                .filter(one -> one.run().id().equals(step.id()))
                .map(one -> executions.viewsOfTask(one.task(), List.of(step)).getFirst())
                .findFirst()
                .orElseThrow(() -> Failures.notFound("Execution", step.id().toString()));
    }

    private Answer logs(Call call) {
        var run = executions.require(call);
        var out = Json.object().put("execution_id", run.id().value());
        return Answer.ok(out.set("logs", log(run)));
    }

    private record Entry(Instant at, String level, String message, ObjectNode details) {}

    /// What happened, as the runs tell it.
    private ArrayNode log(Run execution) {
        var entries = new ArrayList<Entry>();
        tell(execution, "Execution", Json.object(), entries);
        executions
                .tasks(execution)
                .forEach(
                        one -> {
                            var details = Json.object().put("task_id", one.task());
                            details.put("execution_id", one.run().id().value());
                            details.put("attempts", one.run().progress().attemptsUsed());
                            tell(one.run(), "Task " + one.task(), details, entries);
                        });
        entries.sort(Comparator.comparing(Entry::at));
        var out = Json.array();
        for (var entry : entries) {
            out.addObject()
                    .put("timestamp", Times.write(entry.at))
                    .put("level", entry.level)
                    .put("message", entry.message)
                    .set("details", entry.details);
        }
        return out;
    }

    private static void tell(Run run, String what, ObjectNode details, List<Entry> entries) {
        var times = run.progress().times();
        times.startedAt()
                .ifPresent(at -> entries.add(new Entry(at, "INFO", what + " started", details)));
        var reason = run.progress().reason();
        if (!run.state().isFinal()) {
            if (!reason.isEmpty()) {
                var at = times.attemptStartedAt().orElse(run.dueAt());
                entries.add(new Entry(at, "INFO", what + ": " + reason, details));
            }
            return;
        }
        var why = reason.isEmpty() ? "" : ": " + reason;
        var message = what + " " + Statuses.of(run, false) + why;
        var at = times.finishedAt().orElse(run.dueAt());
        entries.add(new Entry(at, level(run.state()), message, details));
    }

    private static String level(RunState state) {
        return switch (state) {
            case FAILED -> "ERROR";
            case CANCELLED, SKIPPED, MISSED -> "WARNING";
            case QUEUED, RUNNING, SUCCEEDED -> "INFO";
        };
    }

    private Answer status(Call call) {
        var run = executions.require(call);
        return Answer.ok(
                Json.object()
                        .put("execution_id", run.id().value())
                        .put("status", executions.status(run)));
    }

    private Answer cancel(Call call) {
        if (!executions.cancel(executions.require(call))) {
            throw Failures.conflict("The execution has ended");
        }
        return CrewAiApi.done("Execution cancelled");
    }
}
