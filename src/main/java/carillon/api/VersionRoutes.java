package carillon.api;

import carillon.budget.Budgets;
import carillon.task.TaskId;
import carillon.task.TaskVersion;
import carillon.task.Tasks;
import carillon.web.Answer;
import carillon.web.Call;
import carillon.web.Permission;
import carillon.web.Refusal;
import carillon.web.Route;
import carillon.web.Route.Method;
import java.util.List;
import java.util.Map;

/// The versions of a task, and the way back to one.
final class VersionRoutes {
    private static final String VERSIONS = "/api/v1/tasks/{id}/versions";

    private final Tasks tasks;
    private final Budgets budgets;

    VersionRoutes(Tasks tasks, Budgets budgets) {
        this.tasks = tasks;
        this.budgets = budgets;
    }

    List<Route> routes() {
        return List.of(
                new Route(Method.GET, VERSIONS, Permission.VIEW, this::list),
                new Route(Method.GET, VERSIONS + "/{version}", Permission.VIEW, this::find),
                new Route(
                        Method.POST,
                        "/api/v1/tasks/{id}/rollback/{version}",
                        Permission.EDIT,
                        this::rollback));
    }

    private Answer list(Call call) {
        var id = Parameters.taskId(call);
        int limit = Parameters.limit(call);
        long before = Parameters.cursor(call).orElse(Long.MAX_VALUE);
        var versions = tasks.versions(id);
        if (versions.isEmpty()) {
            throw Refused.noTask(id.toString());
        }
        var page =
                versions.stream()
                        .filter(version -> version.version() < before)
                        .limit(limit + 1L)
                        .toList();
        return Answer.ok(Page.of(page, limit, TaskVersion::version, TaskView::of));
    }

    private Answer find(Call call) {
        var id = Parameters.taskId(call);
        int number = number(call, id);
        return tasks.version(id, number)
                .map(version -> Answer.ok(TaskView.of(version)))
                .orElseThrow(() -> noVersion(id, call));
    }

    private Answer rollback(Call call) {
        Parameters.requireEmptyBody(call);
        var id = Parameters.taskId(call);
        return switch (tasks.rollback(id, number(call, id), call.caller())) {
            case Tasks.Changed.Done(var task) ->
                    new Answer(
                            200,
                            TaskView.of(task, budgets),
                            Answer.JSON,
                            Map.of("ETag", "\"" + task.version() + "\""));
            case Tasks.Changed.NotFound() -> throw Refused.noTask(id.toString());
            case Tasks.Changed.NoSuchVersion() -> throw noVersion(id, call);
            case Tasks.Changed.Conflict(int current) ->
                    throw Refused.of(
                            Refusal.Kind.CONFLICT,
                            "the task has changed since: it is at version " + current);
            case Tasks.Changed.NeverFires() -> throw Refused.neverFires();
        };
    }

    private static int number(Call call, TaskId id) {
        var text = call.path("version");
        if (!text.matches("[1-9][0-9]{0,8}")) {
            throw noVersion(id, call);
        }
        return Integer.parseInt(text);
    }

    private static RuntimeException noVersion(TaskId id, Call call) {
        var shown = call.path("version");
        var version = shown.length() > 20 ? shown.substring(0, 20) + "…" : shown;
        return Refused.of(
                Refusal.Kind.NOT_FOUND, "there is no version " + version + " of task " + id);
    }
}
