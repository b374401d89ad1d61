package carillon.dialect.a1base;

import static carillon.web.Permission.EDIT;
import static carillon.web.Permission.OPERATE;
import static carillon.web.Permission.VIEW;
import static carillon.web.Route.Method.DELETE;
import static carillon.web.Route.Method.GET;
import static carillon.web.Route.Method.PATCH;
import static carillon.web.Route.Method.POST;

import carillon.dialect.Catalog;
import carillon.json.Json;
import carillon.run.Output;
import carillon.run.Run;
import carillon.run.RunQuery;
import carillon.run.Runs;
import carillon.task.Task;
import carillon.task.TaskLists;
import carillon.task.Tasks;
import carillon.web.Answer;
import carillon.web.Api;
import carillon.web.Call;
import carillon.web.Refusal;
import carillon.web.Refusal.Kind;
import carillon.web.RefusedException;
import carillon.web.Route;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// The A1Base API under `/a1base`.
public final class A1BaseApi implements Api {
    /// As in `origin` of the tasks that it makes.
    public static final String NAME = "a1base";

    /// Its list of tasks, called by its name.
    public static final TaskLists.Rule LIST = new TaskLists.Rule(1, Timing::fits);

    private final Tasks tasks;
    private final Runs runs;
    private final Catalog jobs;
    private final InstantSource time;

    public A1BaseApi(Tasks tasks, Runs runs, InstantSource time) {
        this.tasks = tasks;
        this.runs = runs;
        this.jobs = new Catalog(tasks, NAME, Timing::fits);
        this.time = time;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String prefix() {
        return "/a1base";
    }

    @Override
    public Access access() {
        return Access.KEY;
    }

    @Override
    public Answer refuse(Refusal refusal, String requestId) {
        return Failures.answer(refusal);
    }

    @Override
    public List<Route> routes() {
        var all = "/v1/cron-jobs";
        var one = all + "/{id}";
        return List.of(
                new Route(POST, all, EDIT, this::create),
                new Route(GET, all, VIEW, this::list),
                new Route(GET, one, VIEW, this::get),
                new Route(PATCH, one, EDIT, this::update),
                new Route(DELETE, one, EDIT, this::delete),
                new Route(POST, one + "/pause", OPERATE, this::pause),
                new Route(POST, one + "/resume", OPERATE, this::resume),
                new Route(GET, one + "/executions", VIEW, this::executions));
    }

    private Answer create(Call call) {
        var request = CronJobRequest.of(call.json());
        var id = tasks.newId();
        var definition = request.definition(id, time.instant(), Optional.empty());
        var wanted = new Tasks.NewTask(id, NAME, definition, false, call.caller());
        return switch (tasks.create(wanted)) {
            case Tasks.Created.Done(var task) -> Answer.created(CronJobView.whole(task));
            case Tasks.Created.NeverFires() -> throw neverFires();
        };
    }

    private Answer list(Call call) {
        var faults = new Faults();
        var paging = Paging.of(call, faults);
        var status = Paging.choice(call, "status", List.of("active", "paused"), faults);
        faults.refuse();
        var page = jobs.page(status.map("paused"::equals), paging.offset(), paging.limit());
        return paging.answer(page.tasks().stream().map(CronJobView::item).toList(), page.total());
    }

    private Answer get(Call call) {
        return Answer.ok(view(job(call)));
    }

    private ObjectNode view(Task task) {
        var last = Optional.ofNullable(runs.lastEnded(List.of(task.id())).get(task.id()));
        return last.map(run -> CronJobView.whole(task, run, runs.output(run.id())))
                .orElseGet(() -> CronJobView.whole(task));
    }

    private Answer update(Call call) {
        var id = job(call).id();
        var request = CronJobRequest.of(call.json());
        var now = time.instant();
        var changed =
                jobs.rewrite(
                        id,
                        previous -> request.definition(id, now, Optional.of(previous)),
                        call.caller());
        return switch (changed) {
            case Tasks.Changed.Done(var task) -> Answer.ok(view(task));
            case Tasks.Changed.NotFound(), Tasks.Changed.NoSuchVersion() ->
                    throw Failures.notFound();
            case Tasks.Changed.NeverFires() -> throw neverFires();
            case Tasks.Changed.Conflict(int version) ->
                    throw new RefusedException(
                            Refusal.of(
                                    Kind.CONFLICT,
                                    "Others keep changing the job, now at version " + version));
        };
    }

    private static RefusedException neverFires() {
        return new RefusedException(
                new Refusal(
                        Kind.INVALID,
                        "Invalid custom_schedule value",
                        List.of(new Refusal.FieldFault("custom_schedule", "Names no time to come")),
                        Map.of()));
    }

    private Answer delete(Call call) {
        var id = job(call).id();
        if (!tasks.delete(id)) {
            throw Failures.notFound();
        }
        return Answer.ok(Json.object().put("id", Codec.jobId(id)).put("deleted", true));
    }

    private Answer pause(Call call) {
        return state(tasks.pause(job(call).id()));
    }

    private Answer resume(Call call) {
        return state(tasks.resume(job(call).id()));
    }

    private static Answer state(Optional<Task> task) {
        return Answer.ok(CronJobView.state(task.orElseThrow(Failures::notFound)));
    }

    private Answer executions(Call call) {
        var task = job(call);
        var faults = new Faults();
        var paging = Paging.of(call, faults);
        var statuses = List.of(Codec.SUCCESS, Codec.FAILED);
        var status = Paging.choice(call, "status", statuses, faults);
        faults.refuse();
        var states = status.map(Codec::states).orElseGet(Codec::executed);
        var query =
                new RunQuery(
                        Optional.of(task.id()),
                        states,
                        OptionalLong.empty(),
                        paging.offset(),
                        paging.limit());
        var found = runs.list(query);
        var outputs = runs.outputs(found.stream().map(Run::id).toList());
        var rows =
                found.stream()
                        .map(
                                run ->
                                        ExecutionView.of(
                                                run,
                                                outputs.getOrDefault(run.id(), Output.NONE),
                                                task))
                        .toList();
        return paging.answer(rows, runs.count(query));
    }

    private Task job(Call call) {
        return Codec.taskId(call.path("id")).flatMap(jobs::find).orElseThrow(Failures::notFound);
    }
}
