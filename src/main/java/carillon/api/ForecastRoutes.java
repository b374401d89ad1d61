package carillon.api;

import carillon.budget.Forecasts;
import carillon.json.Problems;
import carillon.json.ReadContext;
import carillon.json.TaskJson;
import carillon.task.TaskId;
import carillon.web.Answer;
import carillon.web.Call;
import carillon.web.Permission;
import carillon.web.Route;
import carillon.web.Route.Method;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.HashSet;
import java.util.List;

/// What a task will cost: one that is stored, and one that is about to be.
public final class ForecastRoutes {
    /// Stands for the task that does not exist yet.
    private static final TaskId NO_TASK = new TaskId(1);

    private final Forecasts forecasts;
    private final ZoneId zone;
    private final InstantSource time;

    public ForecastRoutes(Forecasts forecasts, ZoneId zone, InstantSource time) {
        this.forecasts = forecasts;
        this.zone = zone;
        this.time = time;
    }

    public List<Route> routes() {
        return List.of(
                new Route(Method.GET, "/api/v1/tasks/{id}/forecast", Permission.VIEW, this::stored),
                new Route(Method.POST, "/api/v1/tasks/forecast", Permission.VIEW, this::wanted));
    }

    private Answer stored(Call call) {
        var id = Parameters.taskId(call);
        return forecasts
                .of(id)
                .map(forecast -> Answer.ok(ForecastView.of(forecast)))
                .orElseThrow(() -> Refused.noTask(id.toString()));
    }

    /// The body is that of a `POST /tasks`.
    private Answer wanted(Call call) {
        var problems = new Problems();
        var alongside = new HashSet<>(TaskView.READ_ONLY);
        alongside.add("paused");
        var context = ReadContext.sent(NO_TASK, time.instant(), zone).alongside(alongside);
        var definition =
                TaskJson.read(call.json(), context, problems)
                        .orElseThrow(() -> Refused.of(problems));
        return Answer.ok(ForecastView.of(forecasts.of(NO_TASK, definition, call.caller())));
    }
}
