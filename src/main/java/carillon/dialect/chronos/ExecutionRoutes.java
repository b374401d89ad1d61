package carillon.dialect.chronos;

import static carillon.web.Permission.OPERATE;
import static carillon.web.Permission.VIEW;
import static carillon.web.Route.Method.GET;
import static carillon.web.Route.Method.POST;

import carillon.dialect.Catalog;
import carillon.json.Json;
import carillon.run.Output;
import carillon.run.Run;
import carillon.run.RunQuery;
import carillon.run.Runs;
import carillon.run.Trigger;
import carillon.task.Task;
import carillon.web.Answer;
import carillon.web.Call;
import carillon.web.Route;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// Executions: triggered, listed, shown and replayed.
final class ExecutionRoutes {
    private static final Duration PATIENCE = Duration.ofSeconds(25);

    private final Runs runs;
    private final Catalog jobs;

    ExecutionRoutes(Runs runs, Catalog jobs) {
        this.runs = runs;
        this.jobs = jobs;
    }

    List<Route> routes() {
        var executions = "/api/v1/jobs/{id}/executions";
        return List.of(
                new Route(POST, "/api/v1/jobs/{id}/trigger", OPERATE, this::trigger),
                new Route(GET, executions, VIEW, this::list),
                new Route(GET, executions + "/{execId}", VIEW, this::get),
                new Route(POST, executions + "/{execId}/replay", OPERATE, this::replay));
    }

    /// Waits for the end of the run, but not for ever: then the answer says how it stands.
    private Answer trigger(Call call) throws InterruptedException {
        var task = JobRoutes.job(jobs, call);
        var begun = runs.trigger(task.id(), Trigger.API).orElseThrow(Envelope::jobNotFound);
        var run = runs.await(begun.id(), PATIENCE).orElseThrow(Envelope::jobNotFound);
        return Envelope.ok(ExecutionView.of(run, runs.output(run.id()), task));
    }

    private Answer list(Call call) {
        var task = JobRoutes.job(jobs, call);
        var query =
                new RunQuery(
                        Optional.of(task.id()),
                        Set.of(),
                        OptionalLong.empty(),
                        Paging.offset(call),
                        Paging.limit(call));
        var found = runs.list(query);
        var outputs = runs.outputs(found.stream().map(Run::id).toList());
        var out = Json.object();
        var list = out.putArray("executions");
        for (var run : found) {
            var output = outputs.getOrDefault(run.id(), Output.NONE);
            list.add(ExecutionView.of(run, output, task));
        }
        return Envelope.ok(out.put("total", runs.count(query)));
    }

    private Answer get(Call call) {
        var task = JobRoutes.job(jobs, call);
        var run = execution(task, call);
        return Envelope.ok(ExecutionView.of(run, runs.output(run.id()), task));
    }

    private Answer replay(Call call) {
        var original = execution(JobRoutes.job(jobs, call), call);
        var again = runs.replay(original.id()).orElseThrow(Envelope::executionNotFound);
        return Envelope.of(
                202,
                Json.object()
                        .put("replay_execution_id", Codec.executionId(again.id()))
                        .put("original_execution_id", Codec.executionId(original.id()))
                        .put("message", "Execution replay triggered"));
    }

    private Run execution(Task task, Call call) {
        return Codec.runId(call.path("execId"))
                .flatMap(runs::find)
                .filter(run -> run.task().equals(task.id()))
                .orElseThrow(Envelope::executionNotFound);
    }
}
