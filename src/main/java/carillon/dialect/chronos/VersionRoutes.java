package carillon.dialect.chronos;

import static carillon.web.Permission.EDIT;
import static carillon.web.Permission.VIEW;
import static carillon.web.Route.Method.GET;
import static carillon.web.Route.Method.POST;

import carillon.dialect.Catalog;
import carillon.json.Json;
import carillon.task.TaskId;
import carillon.task.TaskVersion;
import carillon.task.Tasks;
import carillon.web.Answer;
import carillon.web.Call;
import carillon.web.Refusal;
import carillon.web.RefusedException;
import carillon.web.Route;
import java.util.List;

/// The versions of a job's configuration. Those that Chronos cannot express are not shown and
/// cannot be rolled back to.
final class VersionRoutes {
    private final Tasks tasks;
    private final Catalog jobs;

    VersionRoutes(Tasks tasks, Catalog jobs) {
        this.tasks = tasks;
        this.jobs = jobs;
    }

    List<Route> routes() {
        return List.of(
                new Route(GET, "/api/v1/jobs/{id}/versions", VIEW, this::list),
                new Route(GET, "/api/v1/jobs/{id}/versions/{version}", VIEW, this::get),
                new Route(POST, "/api/v1/jobs/{id}/rollback/{version}", EDIT, this::rollback));
    }

    /// Newest first.
    private Answer list(Call call) {
        var list = Json.array();
        tasks.versions(JobRoutes.job(jobs, call).id()).stream()
                .filter(version -> CronForm.fits(version.definition()))
                .forEach(version -> list.add(VersionView.of(version)));
        return Envelope.ok(list);
    }

    private Answer get(Call call) {
        return Envelope.ok(VersionView.of(version(JobRoutes.job(jobs, call).id(), call)));
    }

    private Answer rollback(Call call) {
        var id = JobRoutes.job(jobs, call).id();
        int version = version(id, call).version();
        var task = JobRoutes.changed(tasks.rollback(id, version, call.caller()));
        var out = Json.object();
        out.set("job", JobView.of(task));
        return Envelope.ok(out.put("rolled_back_from", version).put("new_version", task.version()));
    }

    private TaskVersion version(TaskId id, Call call) {
        return tasks.version(id, number(call))
                .filter(version -> CronForm.fits(version.definition()))
                .orElseThrow(Envelope::versionNotFound);
    }

    private static int number(Call call) {
        try {
            return Integer.parseInt(call.path("version"));
        } catch (NumberFormatException e) {
            throw new RefusedException(
                    Refusal.invalid("version", "version must be a whole number"));
        }
    }
}
