package carillon.dialect.chronos;

import static carillon.web.Permission.EDIT;
import static carillon.web.Permission.OPERATE;
import static carillon.web.Permission.VIEW;
import static carillon.web.Route.Method.DELETE;
import static carillon.web.Route.Method.GET;
import static carillon.web.Route.Method.POST;
import static carillon.web.Route.Method.PUT;

import carillon.dialect.Catalog;
import carillon.json.Json;
import carillon.task.Task;
import carillon.task.Tasks;
import carillon.web.Answer;
import carillon.web.Call;
import carillon.web.Refusal;
import carillon.web.Refusal.Kind;
import carillon.web.RefusedException;
import carillon.web.Route;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// Jobs: listed, made, changed, deleted, enabled and disabled.
final class JobRoutes {
    /// How many jobs one answer holds when no limit is asked for; `offset` reaches the others.
    private static final int ALL = 10_000;

    private final Tasks tasks;
    private final Catalog jobs;
    private final InstantSource time;

    JobRoutes(Tasks tasks, Catalog jobs, InstantSource time) {
        this.tasks = tasks;
        this.jobs = jobs;
        this.time = time;
    }

    List<Route> routes() {
        return List.of(
                new Route(GET, "/api/v1/jobs", VIEW, this::list),
                new Route(POST, "/api/v1/jobs", EDIT, this::create),
                new Route(GET, "/api/v1/jobs/{id}", VIEW, this::get),
                new Route(PUT, "/api/v1/jobs/{id}", EDIT, this::update),
                new Route(DELETE, "/api/v1/jobs/{id}", EDIT, this::delete),
                new Route(POST, "/api/v1/jobs/{id}/enable", OPERATE, this::enable),
                new Route(POST, "/api/v1/jobs/{id}/disable", OPERATE, this::disable));
    }

    private Answer list(Call call) {
        var page = jobs.page(Optional.empty(), Paging.offset(call), Paging.limitOr(call, ALL));
        var out = Json.object();
        var list = out.putArray("jobs");
        page.tasks().forEach(task -> list.add(JobView.of(task)));
        return Envelope.ok(out.put("total", page.total()));
    }

    private Answer create(Call call) {
        var request = JobRequest.of(call.json());
        boolean paused = !request.enabled();
        var id = tasks.newId();
        var definition = request.definition(id, time.instant(), Optional.empty());
        var wanted = new Tasks.NewTask(id, ChronosApi.NAME, definition, paused, call.caller());
        return switch (tasks.create(wanted)) {
            case Tasks.Created.Done(var task) -> Envelope.of(201, JobView.of(task));
            case Tasks.Created.NeverFires() -> throw neverFires();
        };
    }

    private Answer get(Call call) {
        return Envelope.ok(JobView.of(job(jobs, call)));
    }

    /// The job that the path names. Throws [RefusedException] when there is none.
    static Task job(Catalog jobs, Call call) {
        return Codec.taskId(call.path("id")).flatMap(jobs::find).orElseThrow(Envelope::jobNotFound);
    }

    /// A disabled job stops before it changes and an enabled one changes before it starts, so that
    /// nothing fires that was not meant to.
    private Answer update(Call call) {
        var id = job(jobs, call).id();
        var request = JobRequest.of(call.json());
        boolean enabled = request.enabled();
        var now = time.instant();
        request.definition(id, now, jobs.find(id).map(Task::definition)); // Refuses before it acts.
        if (!enabled) {
            tasks.pause(id);
        }
        var changed =
                jobs.rewrite(
                        id,
                        previous -> request.definition(id, now, Optional.of(previous)),
                        call.caller());
        var task = changed(changed);
        var shown = enabled && task.paused() ? tasks.resume(id) : Optional.of(task);
        return Envelope.ok(JobView.of(shown.orElseThrow(Envelope::jobNotFound)));
    }

    /// The task as it stands after the change. Throws [RefusedException] when there was none.
    static Task changed(Tasks.Changed changed) {
        return switch (changed) {
            case Tasks.Changed.Done(var task) -> task;
            case Tasks.Changed.NotFound() -> throw Envelope.jobNotFound();
            case Tasks.Changed.NoSuchVersion() -> throw Envelope.versionNotFound();
            case Tasks.Changed.NeverFires() -> throw neverFires();
            case Tasks.Changed.Conflict(int version) ->
                    throw new RefusedException(
                            Refusal.of(
                                    Kind.CONFLICT,
                                    "others keep changing the job, now at version " + version));
        };
    }

    private static RefusedException neverFires() {
        return JobRequest.invalidCron("it names no time to come");
    }

    private Answer delete(Call call) {
        var id = job(jobs, call).id();
        if (!tasks.delete(id)) {
            throw Envelope.jobNotFound();
        }
        return Envelope.ok(Json.object().put("id", Codec.jobId(id)));
    }

    private Answer enable(Call call) {
        return shown(tasks.resume(job(jobs, call).id()));
    }

    private Answer disable(Call call) {
        return shown(tasks.pause(job(jobs, call).id()));
    }

    private static Answer shown(Optional<Task> task) {
        return Envelope.ok(JobView.of(task.orElseThrow(Envelope::jobNotFound)));
    }
}
