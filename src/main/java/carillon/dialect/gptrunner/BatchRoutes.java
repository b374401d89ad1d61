package carillon.dialect.gptrunner;

import static carillon.web.Permission.EDIT;
import static carillon.web.Permission.OPERATE;
import static carillon.web.Permission.VIEW;
import static carillon.web.Route.Method.GET;
import static carillon.web.Route.Method.POST;

import carillon.action.BatchFile;
import carillon.action.TaskBatch;
import carillon.batch.Batches;
import carillon.json.Json;
import carillon.json.Problems;
import carillon.oneshot.ClientName;
import carillon.oneshot.OneShot;
import carillon.oneshot.OneShots;
import carillon.run.Output;
import carillon.run.Run;
import carillon.run.Trigger;
import carillon.task.Task;
import carillon.task.TaskId;
import carillon.task.Tasks;
import carillon.web.Answer;
import carillon.web.Call;
import carillon.web.RefusedException;
import carillon.web.Route;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Batches: files of questions, and tasks that are asked together.
final class BatchRoutes {
    /// The API that the names of batches are unique in.
    private static final String BATCHES = ClientName.batchesOf(GptRunnerApi.NAME);

    private final GptRunnerApi.Parts parts;
    private final Envelope envelope;

    BatchRoutes(GptRunnerApi.Parts parts, Envelope envelope) {
        this.parts = parts;
        this.envelope = envelope;
    }

    List<Route> routes() {
        var all = GptRunnerApi.ROOT + "/batches";
        var one = all + "/{id}";
        return List.of(
                new Route(POST, all, EDIT, this::create),
                new Route(GET, one, VIEW, this::get),
                new Route(POST, one + "/execute", OPERATE, this::execute),
                new Route(POST, one + "/cancel", OPERATE, this::cancel));
    }

    private Answer create(Call call) {
        var request = BatchRequest.of(call.json(), parts);
        var now = parts.time().instant();
        var id = parts.tasks().newId();
        var clientId = request.id().orElseGet(() -> Codec.batchId(id));
        var wanted = new ArrayList<OneShots.Wanted>();
        var definition = request.definition(id, clientId, now);
        wanted.add(
                new OneShots.Wanted(
                        new Tasks.NewTask(id, GptRunnerApi.NAME, definition, false, call.caller()),
                        new ClientName(BATCHES, clientId, Optional.empty(), Optional.empty())));
        wanted.addAll(request.tasks(clientId, now, call.caller()));
        parts.oneShots().createAll(wanted).ifPresent(BatchRoutes::refuse);
        var out =
                Json.object()
                        .put("id", clientId)
                        .put("name", definition.name())
                        .put("status", Codec.PENDING)
                        .put("taskCount", wanted.size() - 1)
                        .put("createdAt", Codec.time(now));
        return envelope.created(out, "Batch created successfully");
    }

    private static void refuse(ClientName taken) {
        if (taken.api().equals(BATCHES)) {
            throw Envelope.invalid("id", "'" + taken.id() + "' is in use");
        }
        throw Envelope.invalid(
                "id", "task '" + taken.id() + "', or its idempotency key, is in use");
    }

    private Answer get(Call call) {
        var problems = new Problems();
        var paging = Paging.of(call, problems);
        Envelope.refuse(problems.list());
        var task = task(call);
        var shown = parts.batching().batches().of(task);
        return envelope.ok(
                switch (task.definition().action()) {
                    case TaskBatch batch -> {
                        var members = members(batch, paging);
                        var outputs =
                                parts.runs()
                                        .outputs(
                                                members.stream()
                                                        .flatMap(one -> one.run().stream())
                                                        .map(Run::id)
                                                        .toList());
                        long all = parts.oneShots().countMembers(batch.api(), batch.batch());
                        yield BatchView.ofTasks(
                                call.path("id"),
                                shown,
                                all,
                                members,
                                run -> outputs.getOrDefault(run, Output.NONE));
                    }
                    default -> BatchView.ofFile(call.path("id"), shown);
                });
    }

    /// A page of them, in the order in which they were made.
    private List<OneShot> members(TaskBatch batch, Paging paging) {
        var store = parts.oneShots();
        Optional<TaskId> after = Optional.empty();
        var page = List.<OneShot>of();
        for (int i = 0; i < paging.page(); i++) {
            page = store.members(batch.api(), batch.batch(), after, paging.limit());
            if (page.isEmpty()) {
                return page;
            }
            after = Optional.of(page.getLast().task().id());
        }
        return page;
    }

    private Answer execute(Call call) {
        var task = task(call);
        var open = parts.batching().batches().of(task).run().filter(run -> !run.state().isFinal());
        if (open.isPresent()) {
            throw Envelope.invalid("id", "the batch is running");
        }
        var run = parts.runs().trigger(task.id(), Trigger.API).orElseThrow(() -> notFound(call));
        var out =
                Json.object()
                        .put("executionId", "batch-" + Codec.executionId(run.id()))
                        .put("status", Codec.RUNNING);
        return envelope.ok(out, "Batch execution started");
    }

    private Answer cancel(Call call) {
        Batches.Shown shown = parts.batching().batches().of(task(call));
        var open =
                shown.run()
                        .filter(run -> !run.state().isFinal())
                        .orElseThrow(() -> Envelope.invalid("id", "the batch is not running"));
        parts.runs().cancel(open.id(), "cancelled by " + call.caller());
        return envelope.done("Batch cancelled successfully");
    }

    /// The task that the batch is.
    private Task task(Call call) {
        var id = call.path("id");
        return parts.oneShots()
                .find(BATCHES, id)
                .or(() -> Codec.batchId(id).flatMap(parts.tasks()::find))
                .filter(BatchRoutes::isOne)
                .orElseThrow(() -> notFound(call));
    }

    private static boolean isOne(Task task) {
        return task.definition().action() instanceof TaskBatch
                || task.definition().action() instanceof BatchFile;
    }

    private static RefusedException notFound(Call call) {
        var id = TaskRoutes.shown(call.path("id"));
        return Code.BATCH_NOT_FOUND.at("id", "there is no batch '" + id + "'");
    }
}
