package carillon.dialect.gptrunner;

import static carillon.web.Permission.EDIT;
import static carillon.web.Permission.OPERATE;
import static carillon.web.Permission.VIEW;
import static carillon.web.Route.Method.DELETE;
import static carillon.web.Route.Method.GET;
import static carillon.web.Route.Method.PATCH;
import static carillon.web.Route.Method.POST;

import carillon.dialect.Catalog;
import carillon.json.Json;
import carillon.json.Problems;
import carillon.task.Task;
import carillon.task.TaskQuery;
import carillon.task.Tasks;
import carillon.web.Answer;
import carillon.web.Call;
import carillon.web.RefusedException;
import carillon.web.Route;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// Scheduled tasks: prompts that are asked, and files that are answered, again and again.
final class ScheduledRoutes {
    private final GptRunnerApi.Parts parts;
    private final Catalog catalog;
    private final Envelope envelope;

    ScheduledRoutes(GptRunnerApi.Parts parts, Envelope envelope) {
        this.parts = parts;
        this.catalog = new Catalog(parts.tasks(), GptRunnerApi.SCHEDULED, ScheduledView::fits);
        this.envelope = envelope;
    }

    List<Route> routes() {
        var all = GptRunnerApi.ROOT + "/scheduled-tasks";
        var one = all + "/{id}";
        return List.of(
                new Route(POST, all, EDIT, this::create),
                new Route(GET, all, VIEW, this::list),
                new Route(GET, one, VIEW, this::get),
                new Route(PATCH, one, EDIT, this::update),
                new Route(DELETE, one, EDIT, this::delete),
                new Route(POST, one + "/enable", OPERATE, this::enable),
                new Route(POST, one + "/disable", OPERATE, this::disable));
    }

    private ScheduledRequest request(Call call) {
        return ScheduledRequest.of(
                call.json(),
                new FilePlaces(parts.batching().root(), parts.models()),
                parts.models(),
                parts.node().zone());
    }

    private Answer create(Call call) {
        var request = request(call);
        boolean paused = request.isActive().filter(active -> !active).isPresent();
        var id = parts.tasks().newId();
        var definition = request.definition(id, parts.time().instant());
        var wanted = new Tasks.NewTask(id, GptRunnerApi.NAME, definition, paused, call.caller());
        return switch (parts.tasks().create(wanted)) {
            case Tasks.Created.Done(var task) ->
                    envelope.created(view(task), "Scheduled task created successfully");
            case Tasks.Created.NeverFires() -> throw neverFires();
        };
    }

    private ObjectNode view(Task task) {
        var last = parts.runs().lastEnded(List.of(task.id()));
        return ScheduledView.of(task, Optional.ofNullable(last.get(task.id())));
    }

    private static RefusedException neverFires() {
        return Code.INVALID_CRON_EXPRESSION.at("schedule", "names no time to come");
    }

    private Answer list(Call call) {
        var problems = new Problems();
        var paging = Paging.of(call, problems);
        var active = Paging.choice(call, "isActive", List.of("true", "false"), problems);
        Envelope.refuse(problems.list());
        var query =
                new TaskQuery(
                        Optional.of(GptRunnerApi.SCHEDULED),
                        active.map("false"::equals),
                        call.query("name").filter(name -> !name.isEmpty()),
                        OptionalLong.empty(),
                        paging.offset(),
                        paging.limit());
        var found = parts.tasks().list(query);
        var last = parts.runs().lastEnded(found.stream().map(Task::id).toList());
        var rows =
                found.stream()
                        .map(
                                task ->
                                        ScheduledView.of(
                                                task, Optional.ofNullable(last.get(task.id()))))
                        .toList();
        return envelope.ok(paging.answer(rows, parts.tasks().count(query)));
    }

    private Answer get(Call call) {
        return envelope.ok(view(task(call)));
    }

    /// One that is to be inactive stops before it changes, and one that is to be active changes
    /// before it starts, so that nothing fires that was not meant to.
    private Answer update(Call call) {
        var id = task(call).id();
        var request = request(call);
        var now = parts.time().instant();
        var active = request.isActive();
        catalog.find(id).ifPresent(task -> request.definition(id, now, task.definition()));
        if (active.filter(wanted -> !wanted).isPresent()) {
            parts.tasks().pause(id);
        }
        var changed =
                catalog.rewrite(
                        id, previous -> request.definition(id, now, previous), call.caller());
        var task =
                switch (changed) {
                    case Tasks.Changed.Done(var done) -> done;
                    case Tasks.Changed.NotFound(), Tasks.Changed.NoSuchVersion() ->
                            throw notFound(call);
                    case Tasks.Changed.NeverFires() -> throw neverFires();
                    case Tasks.Changed.Conflict _ -> throw Envelope.racing();
                };
        var shown =
                active.filter(wanted -> wanted).isPresent()
                        ? parts.tasks().resume(id)
                        : Optional.of(task);
        return envelope.ok(
                view(shown.orElseThrow(() -> notFound(call))),
                "Scheduled task updated successfully");
    }

    private Answer delete(Call call) {
        if (!parts.tasks().delete(task(call).id())) {
            throw notFound(call);
        }
        return envelope.done("Scheduled task deleted successfully");
    }

    private Answer enable(Call call) {
        var task = parts.tasks().resume(task(call).id());
        return state(task.orElseThrow(() -> notFound(call)), "Scheduled task enabled");
    }

    private Answer disable(Call call) {
        var task = parts.tasks().pause(task(call).id());
        return state(task.orElseThrow(() -> notFound(call)), "Scheduled task disabled");
    }

    private Answer state(Task task, String message) {
        var out =
                Json.object()
                        .put("id", Codec.scheduledId(task.id()))
                        .put("isActive", !task.paused());
        return envelope.ok(out, message);
    }

    private Task task(Call call) {
        return Codec.scheduledId(call.path("id"))
                .flatMap(catalog::find)
                .orElseThrow(() -> notFound(call));
    }

    private static RefusedException notFound(Call call) {
        var id = TaskRoutes.shown(call.path("id"));
        return Code.SCHEDULED_TASK_NOT_FOUND.at("id", "there is no scheduled task '" + id + "'");
    }
}
