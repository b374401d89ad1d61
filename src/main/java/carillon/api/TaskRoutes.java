package carillon.api;

import carillon.budget.Budgets;
import carillon.json.Fields;
import carillon.json.Problems;
import carillon.json.ReadContext;
import carillon.json.TaskJson;
import carillon.task.Task;
import carillon.task.TaskDefinition;
import carillon.task.TaskId;
import carillon.task.TaskQuery;
import carillon.task.Tasks;
import carillon.web.Answer;
import carillon.web.Call;
import carillon.web.Permission;
import carillon.web.Refusal;
import carillon.web.Route;
import carillon.web.Route.Method;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/// `/tasks` and `/tasks/{id}`, pausing and resuming.
final class TaskRoutes {
    private static final String TASKS = "/api/v1/tasks";
    private static final String TASK = TASKS + "/{id}";

    private final Tasks tasks;
    private final Budgets budgets;
    private final TaskRules rules;
    private final ZoneId zone;
    private final InstantSource time;

    TaskRoutes(NativeApi.Parts parts, Budgets budgets, TaskRules rules) {
        this.budgets = budgets;
        this.tasks = parts.tasks();
        this.rules = rules;
        this.zone = parts.zone();
        this.time = parts.time();
    }

    List<Route> routes() {
        return List.of(
                new Route(Method.GET, TASKS, Permission.VIEW, this::list),
                new Route(Method.POST, TASKS, Permission.EDIT, this::create),
                new Route(Method.GET, TASK, Permission.VIEW, this::find),
                new Route(Method.PUT, TASK, Permission.EDIT, this::update),
                new Route(Method.DELETE, TASK, Permission.EDIT, this::delete),
                new Route(Method.POST, TASK + "/pause", Permission.OPERATE, this::pause),
                new Route(Method.POST, TASK + "/resume", Permission.OPERATE, this::resume));
    }

    private Answer list(Call call) {
        int limit = Parameters.limit(call);
        var query =
                new TaskQuery(
                        Optional.empty(),
                        Parameters.bool(call, "paused"),
                        call.query("q").filter(text -> !text.isBlank()),
                        Parameters.cursor(call),
                        0,
                        limit + 1);
        var found = tasks.list(query);
        var page = found.subList(0, Math.min(limit, found.size()));
        var views = TaskView.of(page, budgets);
        return Answer.ok(Page.of(found, views, task -> task.id().value()));
    }

    /// What a body says: a definition, and whether the task is to be paused.
    private record Sent(TaskDefinition definition, Optional<Boolean> paused) {}

    private Sent read(Call call, ReadContext context, Set<String> ignored) {
        var problems = new Problems();
        var body = call.json();
        var paused =
                Fields.of(body, "", new Problems()).isPresent()
                        ? paused(call, problems)
                        : Optional.<Boolean>empty();
        var alongside = new HashSet<>(ignored);
        alongside.add("paused");
        var definition = TaskJson.read(body, context.alongside(alongside), problems);
        definition.ifPresent(read -> rules.check(read, problems));
        if (definition.isEmpty() || !problems.isEmpty()) {
            throw Refused.of(problems);
        }
        return new Sent(definition.get(), paused);
    }

    private static Optional<Boolean> paused(Call call, Problems problems) {
        return Fields.of(call.json(), "", problems).flatMap(fields -> fields.bool("paused"));
    }

    private Answer create(Call call) {
        var id = tasks.newId();
        var sent = read(call, ReadContext.sent(id, time.instant(), zone), Set.of());
        var wanted =
                new Tasks.NewTask(
                        id,
                        NativeApi.NAME,
                        sent.definition(),
                        sent.paused().orElse(false),
                        call.caller());
        return switch (tasks.create(wanted)) {
            case Tasks.Created.Done(var task) ->
                    shown(201, task).withHeader("Location", TASKS + "/" + task.id());
            case Tasks.Created.NeverFires() -> throw Refused.neverFires();
        };
    }

    private Answer find(Call call) {
        return shown(200, require(call));
    }

    private Task require(Call call) {
        var id = Parameters.taskId(call);
        return tasks.find(id).orElseThrow(() -> Refused.noTask(id.toString()));
    }

    private Answer shown(int status, Task task) {
        var headers = Map.of("ETag", IfMatch.etag(task.version()));
        return new Answer(status, TaskView.of(task, budgets), Answer.JSON, headers);
    }

    /// Pausing by itself makes no version; everything else that is put does.
    private Answer update(Call call) {
        var before = require(call);
        var expected = expectedVersion(call, before);
        var context =
                ReadContext.sent(before.id(), time.instant(), zone).replacing(before.definition());
        var sent = read(call, context, TaskView.READ_ONLY);
        boolean toggles = sent.paused().filter(paused -> paused != before.paused()).isPresent();
        if (!toggles || !sent.definition().equals(before.definition())) {
            change(before.id(), sent.definition(), expected, call.caller());
        }
        sent.paused().ifPresent(paused -> setPaused(before.id(), paused));
        return find(call);
    }

    private void change(TaskId id, TaskDefinition definition, OptionalInt expected, String by) {
        switch (tasks.update(id, definition, expected, by)) {
            case Tasks.Changed.Done _ -> {}
            case Tasks.Changed.NotFound() -> throw Refused.noTask(id.toString());
            case Tasks.Changed.NoSuchVersion() ->
                    throw new IllegalStateException("an update names no version");
            case Tasks.Changed.Conflict(int current) -> throw lostRace(current);
            case Tasks.Changed.NeverFires() -> throw Refused.neverFires();
        }
    }

    /// The version that `If-Match` holds the task to (RFC 9110, 13.1.1).
    private static OptionalInt expectedVersion(Call call, Task task) {
        return IfMatch.version(call, task.version(), TaskRoutes::lostRace);
    }

    private static RuntimeException lostRace(int current) {
        return Refused.of(
                Refusal.Kind.PRECONDITION_FAILED,
                "the task has changed since: it is at version " + current);
    }

    private Answer delete(Call call) {
        var id = Parameters.taskId(call);
        if (!tasks.delete(id)) {
            throw Refused.noTask(id.toString());
        }
        return Answer.ok(Map.of("id", id.value(), "deleted", true));
    }

    private Answer pause(Call call) {
        Parameters.requireEmptyBody(call);
        return shown(200, setPaused(Parameters.taskId(call), true));
    }

    private Answer resume(Call call) {
        Parameters.requireEmptyBody(call);
        return shown(200, setPaused(Parameters.taskId(call), false));
    }

    private Task setPaused(TaskId id, boolean paused) {
        var task = paused ? tasks.pause(id) : tasks.resume(id);
        return task.orElseThrow(() -> Refused.noTask(id.toString()));
    }
}
