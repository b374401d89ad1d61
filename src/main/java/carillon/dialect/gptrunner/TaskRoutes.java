package carillon.dialect.gptrunner;

import static carillon.web.Permission.EDIT;
import static carillon.web.Permission.OPERATE;
import static carillon.web.Permission.VIEW;
import static carillon.web.Route.Method.DELETE;
import static carillon.web.Route.Method.GET;
import static carillon.web.Route.Method.PATCH;
import static carillon.web.Route.Method.POST;

import carillon.ai.Spending;
import carillon.dialect.Catalog;
import carillon.json.Json;
import carillon.json.Problems;
import carillon.oneshot.ClientName;
import carillon.oneshot.OneShot;
import carillon.oneshot.OneShotQuery;
import carillon.oneshot.OneShots;
import carillon.run.Output;
import carillon.run.Run;
import carillon.run.RunState;
import carillon.run.Trigger;
import carillon.task.Task;
import carillon.task.TaskId;
import carillon.task.Tasks;
import carillon.web.Answer;
import carillon.web.Call;
import carillon.web.RefusedException;
import carillon.web.Route;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Tasks: prompts that are asked once.
final class TaskRoutes {
    private static final Map<String, OneShotQuery.Field> SORTS =
            Map.of(
                    "createdAt", OneShotQuery.Field.CREATED,
                    "updatedAt", OneShotQuery.Field.UPDATED,
                    "id", OneShotQuery.Field.NAME,
                    "name", OneShotQuery.Field.NAME);

    private final GptRunnerApi.Parts parts;
    private final Catalog catalog;
    private final Envelope envelope;

    TaskRoutes(GptRunnerApi.Parts parts, Catalog catalog, Envelope envelope) {
        this.parts = parts;
        this.catalog = catalog;
        this.envelope = envelope;
    }

    List<Route> routes() {
        var all = GptRunnerApi.ROOT + "/tasks";
        var one = all + "/{id}";
        return List.of(
                new Route(POST, all, EDIT, this::create),
                new Route(GET, all, VIEW, this::list),
                new Route(GET, one, VIEW, this::get),
                new Route(PATCH, one, EDIT, this::update),
                new Route(DELETE, one, EDIT, this::delete),
                new Route(POST, one + "/execute", OPERATE, this::execute));
    }

    private Answer create(Call call) {
        var body = TaskRequest.object(call.json());
        var request = TaskRequest.of(body, parts.models());
        var names = request.names();
        var id = parts.tasks().newId();
        var clientId = names.id().orElseGet(() -> Codec.taskId(id));
        var definition = request.definition(id, clientId, parts.time().instant());
        if (names.id().flatMap(Codec::taskId).flatMap(catalog::find).isPresent()) {
            throw idTaken(clientId);
        }
        var once = names.key().map(key -> new ClientName.Once(key, fingerprint(body)));
        var name = new ClientName(GptRunnerApi.NAME, clientId, names.batch(), once);
        var wanted = new Tasks.NewTask(id, GptRunnerApi.NAME, definition, false, call.caller());
        var made =
                switch (parts.oneShots().create(wanted, name)) {
                    case OneShots.Created.Done(var done) -> done;
                    case OneShots.Created.Before(var before) -> again(before);
                    case OneShots.Created.IdTaken() -> throw idTaken(clientId);
                    case OneShots.Created.KeyUsed() ->
                            throw Envelope.invalid(
                                    "idempotencyKey", "was used for another request");
                };
        return envelope.created(TaskView.head(made), "Task created successfully");
    }

    private OneShot again(TaskId before) {
        return catalog.find(before)
                .map(task -> parts.oneShots().of(GptRunnerApi.NAME, task))
                .orElseThrow(
                        () ->
                                Envelope.invalid(
                                        "idempotencyKey", "was used for a task that is gone"));
    }

    private static RefusedException idTaken(String id) {
        return Envelope.invalid("id", "'" + id + "' is in use");
    }

    static String fingerprint(JsonNode body) {
        try {
            byte[] text = Json.write(body).getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private Answer list(Call call) {
        var problems = new Problems();
        var paging = Paging.of(call, problems);
        var status = Paging.choice(call, "status", Codec.STATUSES, problems);
        var created =
                new OneShotQuery.Created(
                        Paging.instant(call, "createdAfter", problems),
                        Paging.instant(call, "createdBefore", problems));
        var sorts = SORTS.keySet().stream().sorted().toList();
        var sort = Paging.choice(call, "sort", sorts, problems).orElse("createdAt");
        var order = Paging.choice(call, "order", List.of("asc", "desc"), problems);
        Envelope.refuse(problems.list());
        var query =
                new OneShotQuery(
                        GptRunnerApi.NAME,
                        status.map(Codec::states).orElse(Set.of()),
                        call.query("batchId"),
                        created,
                        new OneShotQuery.Order(
                                SORTS.getOrDefault(sort, OneShotQuery.Field.CREATED),
                                order.filter("asc"::equals).isPresent()),
                        paging.offset(),
                        paging.limit());
        var rows = parts.oneShots().list(query).stream().map(TaskView::head).toList();
        return envelope.ok(paging.answer(rows, parts.oneShots().count(query)));
    }

    private Answer get(Call call) {
        return envelope.ok(view(task(call)));
    }

    private ObjectNode view(Task task) {
        var shown = parts.oneShots().of(GptRunnerApi.NAME, task);
        var run = shown.run().map(Run::id);
        var output = run.map(parts.runs()::output).orElse(Output.NONE);
        var spending =
                run.map(id -> parts.runs().spendings(List.of(id)).getOrDefault(id, Spending.NONE))
                        .orElse(Spending.NONE);
        return TaskView.whole(shown, output, spending);
    }

    private Answer update(Call call) {
        var id = task(call).id();
        var request = TaskRequest.of(call.json(), parts.models());
        var now = parts.time().instant();
        var changed =
                catalog.rewrite(
                        id, previous -> request.definition(id, now, previous), call.caller());
        return switch (changed) {
            case Tasks.Changed.Done(var task) ->
                    envelope.ok(view(task), "Task updated successfully");
            case Tasks.Changed.NotFound(),
                    Tasks.Changed.NoSuchVersion(),
                    Tasks.Changed.NeverFires() ->
                    throw notFound(call);
            case Tasks.Changed.Conflict _ -> throw Envelope.racing();
        };
    }

    private Answer delete(Call call) {
        if (!parts.tasks().delete(task(call).id())) {
            throw notFound(call);
        }
        return envelope.done("Task deleted successfully");
    }

    private Answer execute(Call call) {
        var task = task(call);
        var run = parts.runs().trigger(task.id(), Trigger.API).orElseThrow(() -> notFound(call));
        var out =
                Json.object()
                        .put("executionId", Codec.executionId(run.id()))
                        .put("status", started(run));
        return envelope.ok(out, "Task execution started");
    }

    /// A run that a node has taken begins at once.
    private static String started(Run run) {
        boolean isTaken = run.state() == RunState.QUEUED && run.progress().holder().isPresent();
        return isTaken ? Codec.RUNNING : Codec.status(run.state());
    }

    /// The task that the path names. Throws [RefusedException] when there is none.
    private Task task(Call call) {
        var id = call.path("id");
        return parts.oneShots()
                .find(GptRunnerApi.NAME, id)
                .filter(task -> TaskView.fits(task.definition()))
                .or(() -> Codec.taskId(id).flatMap(this::unnamed))
                .orElseThrow(() -> notFound(call));
    }

    /// A task that another API made.
    private Optional<Task> unnamed(TaskId id) {
        return catalog.find(id)
                .filter(task -> parts.oneShots().of(GptRunnerApi.NAME, task).name().isEmpty());
    }

    private static RefusedException notFound(Call call) {
        return Code.TASK_NOT_FOUND.at("id", "there is no task '" + shown(call.path("id")) + "'");
    }

    static String shown(String id) {
        return id.length() <= 100 ? id : id.substring(0, 100) + "…";
    }
}
