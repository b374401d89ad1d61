package carillon.api;

import static java.util.Objects.requireNonNull;

import carillon.batch.Batches;
import carillon.json.Fields;
import carillon.json.Json;
import carillon.json.Problems;
import carillon.json.ReadContext;
import carillon.json.TaskJson;
import carillon.run.Run;
import carillon.run.Runs;
import carillon.run.Trigger;
import carillon.task.TaskDefinition;
import carillon.task.TaskId;
import carillon.task.Tasks;
import carillon.web.Answer;
import carillon.web.Call;
import carillon.web.Permission;
import carillon.web.Refusal;
import carillon.web.Route;
import carillon.web.Route.Method;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;

/// `/batches`: tasks whose action is `batch`, in one word each. A batch is made and begun by one
/// call; all else about it, a schedule too, can be said of the task that it is.
public final class BatchRoutes {
    private static final String BATCHES = "/api/v1/batches";
    private static final String BATCH = BATCHES + "/{id}";
    private static final List<String> ACTION =
            List.of(
                    "input",
                    "output",
                    "model",
                    "template",
                    "temperature",
                    "max_tokens",
                    "max_concurrency",
                    "on_bad_row",
                    "dry_run",
                    "needed_by");

    private final Batches batches;
    private final TaskRules rules;
    private final Tasks tasks;
    private final Runs runs;
    private final NativeApi.Parts parts;

    public BatchRoutes(Batches batches, TaskRules rules, NativeApi.Parts parts) {
        this.batches = requireNonNull(batches, "batches");
        this.rules = requireNonNull(rules, "rules");
        this.tasks = parts.tasks();
        this.runs = parts.runs();
        this.parts = parts;
    }

    public List<Route> routes() {
        return List.of(
                new Route(Method.GET, BATCHES, Permission.VIEW, this::list),
                new Route(Method.POST, BATCHES, Permission.EDIT, this::create),
                new Route(Method.GET, BATCH, Permission.VIEW, this::find),
                new Route(Method.DELETE, BATCH, Permission.EDIT, this::delete),
                new Route(Method.POST, BATCH + "/execute", Permission.OPERATE, this::execute),
                new Route(Method.POST, BATCH + "/retry", Permission.OPERATE, this::retry),
                new Route(Method.POST, BATCH + "/pause", Permission.OPERATE, this::pause),
                new Route(Method.POST, BATCH + "/resume", Permission.OPERATE, this::resume),
                new Route(Method.POST, BATCH + "/cancel", Permission.OPERATE, this::cancel));
    }

    private Answer list(Call call) {
        int limit = Parameters.limit(call);
        var found = batches.list(Parameters.cursor(call), limit + 1);
        return Answer.ok(Page.of(found, limit, shown -> shown.task().id().value(), BatchView::of));
    }

    private Answer create(Call call) {
        var id = tasks.newId();
        var problems = new Problems();
        var sent = Fields.of(call.json(), "", problems);
        boolean starts = sent.flatMap(fields -> fields.bool("start")).orElse(true);
        if (!problems.isEmpty() || !(call.json() instanceof ObjectNode body)) {
            throw Refused.of(problems);
        }
        var definition = definition(id, body, starts);
        var wanted = new Tasks.NewTask(id, NativeApi.NAME, definition, false, call.caller());
        if (!(tasks.create(wanted) instanceof Tasks.Created.Done(var task))) {
            throw new IllegalStateException("a batch without a schedule always is");
        }
        if (starts) {
            batches.execute(task.id(), Trigger.MANUAL);
        }
        return Answer.created(view(task.id())).withHeader("Location", BATCHES + "/" + task.id());
    }

    /// What was sent, as the native JSON of a task, read by its reader. Throws
    /// [carillon.web.RefusedException].
    private TaskDefinition definition(TaskId id, ObjectNode body, boolean starts) {
        var whole = Json.object();
        var action = whole.putObject("action").putObject("batch");
        body.properties()
                .forEach(
                        entry -> {
                            var name = entry.getKey();
                            if (ACTION.contains(name)) {
                                action.set(name, entry.getValue());
                            } else if (!name.equals("start")) {
                                whole.set(name, entry.getValue());
                            }
                        });
        fillIn(whole, action);
        var problems = new Problems();
        var context = ReadContext.sent(id, parts.time().instant(), parts.zone());
        var read = TaskJson.read(whole, context, problems);
        read.ifPresent(definition -> rules.check(definition, problems));
        if (starts && problems.isEmpty()) {
            read.ifPresent(definition -> rules.checkFiles(definition, problems));
        }
        if (!problems.isEmpty()) {
            throw Refused.of(
                    problems.list().stream()
                            .map(
                                    problem ->
                                            new Refusal.FieldFault(
                                                    name(problem.field()), problem.message()))
                            .toList());
        }
        return read.orElseThrow();
    }

    private static void fillIn(ObjectNode whole, ObjectNode action) {
        var input = action.path("input").asText();
        if (!whole.has("name")) {
            whole.put("name", "batch of " + input);
        }
        if (!action.has("output")) {
            action.put("output", input.replaceFirst("(\\.[^./]*)?$", ".results$1"));
        }
        whole.put("timeout", "24h").put("concurrency", "forbid");
        whole.putObject("retry").put("attempts", 1);
    }

    private static String name(String path) {
        return path.startsWith("action.batch.") ? path.substring("action.batch.".length()) : path;
    }

    private Answer find(Call call) {
        return Answer.ok(view(require(call).task().id()));
    }

    private ObjectNode view(TaskId id) {
        return batches.find(id).map(BatchView::of).orElseThrow(() -> noBatch(id));
    }

    private Batches.Shown require(Call call) {
        var id = Parameters.taskId(call);
        return batches.find(id).orElseThrow(() -> noBatch(id));
    }

    private static RuntimeException noBatch(TaskId id) {
        return Refused.of(Refusal.Kind.NOT_FOUND, "there is no batch " + id);
    }

    private Answer delete(Call call) {
        var id = require(call).task().id();
        if (!tasks.delete(id)) {
            throw noBatch(id);
        }
        return Answer.ok(Map.of("id", id.value(), "deleted", true));
    }

    private Answer execute(Call call) {
        Parameters.requireEmptyBody(call);
        var shown = require(call);
        if (shown.open().isPresent()) {
            throw Refused.of(Refusal.Kind.CONFLICT, "the batch goes on already");
        }
        var id = shown.task().id();
        var run = batches.execute(id, Trigger.MANUAL).orElseThrow(() -> noBatch(id));
        return Answer.created(view(id)).withHeader("Location", RunRoutes.location(run.id()));
    }

    private Answer retry(Call call) {
        Parameters.requireEmptyBody(call);
        var shown = require(call);
        var run =
                batches.retry(shown, Trigger.MANUAL)
                        .orElseThrow(
                                () ->
                                        Refused.of(
                                                Refusal.Kind.CONFLICT,
                                                "the newest run of the batch has no failed rows,"
                                                        + " or did not come to its end"));
        return Answer.created(view(shown.task().id()))
                .withHeader("Location", RunRoutes.location(run.id()));
    }

    /// The run that goes on. Throws [carillon.web.RefusedException] when none does.
    private static Run open(Batches.Shown shown) {
        return shown.open()
                .orElseThrow(
                        () -> Refused.of(Refusal.Kind.CONFLICT, "no run of the batch goes on"));
    }

    private Answer pause(Call call) {
        Parameters.requireEmptyBody(call);
        var shown = require(call);
        if (!batches.pause(open(shown).id())) {
            throw Refused.of(Refusal.Kind.CONFLICT, "the batch has ended");
        }
        return Answer.ok(view(shown.task().id()));
    }

    private Answer resume(Call call) {
        Parameters.requireEmptyBody(call);
        var shown = require(call);
        if (!batches.resume(open(shown).id())) {
            throw Refused.of(Refusal.Kind.CONFLICT, "the batch is not paused");
        }
        return Answer.ok(view(shown.task().id()));
    }

    private Answer cancel(Call call) {
        Parameters.requireEmptyBody(call);
        var shown = require(call);
        if (runs.cancel(open(shown).id(), "cancelled") instanceof Runs.Cancelled.AlreadyEnded) {
            throw Refused.of(Refusal.Kind.CONFLICT, "the batch has ended");
        }
        return Answer.ok(view(shown.task().id()));
    }
}
