package carillon.console;

import carillon.run.Run;
import carillon.run.RunId;
import carillon.run.RunQuery;
import carillon.run.Runs;
import carillon.task.TaskId;
import carillon.task.Tasks;
import carillon.web.Answer;
import carillon.web.Call;
import carillon.web.Permission;
import carillon.web.Refusal;
import carillon.web.RefusedException;
import carillon.web.Route;
import carillon.web.Route.Method;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// The runs: all of them, and one.
final class RunRoutes {
    private static final String RUNS = "/runs";
    private static final String RUN = RUNS + "/{id}";
    private static final int ROWS = 25;

    private final Tasks tasks;
    private final Runs runs;
    private final ConsoleApi.Past past;
    private final Live live;

    RunRoutes(ConsoleApi.Parts parts, ConsoleApi.Past past, Live live) {
        this.past = past;
        this.tasks = parts.tasks();
        this.runs = parts.runs();
        this.live = live;
    }

    static String path(RunId id) {
        return RUNS + "/" + id;
    }

    List<Route> routes() {
        return List.of(
                new Route(Method.GET, RUNS, Permission.VIEW, this::list),
                new Route(Method.GET, RUNS + "/live", Permission.VIEW, this::followList),
                new Route(Method.GET, RUN, Permission.VIEW, this::find),
                new Route(Method.GET, RUN + "/live", Permission.VIEW, this::follow),
                new Route(Method.POST, RUN + "/cancel", Permission.OPERATE, this::cancel),
                new Route(Method.POST, RUN + "/replay", Permission.OPERATE, this::replay));
    }

    private Answer list(Call call) {
        return Pages.page(call, "Runs", "runs.jte", listView(call, Inputs.before(call)));
    }

    private Answer followList(Call call) {
        return live.stream(
                call,
                () -> {
                    var view = listView(call, OptionalLong.empty());
                    return Optional.of(Pages.part("runs-part.jte", view));
                });
    }

    private RunListView listView(Call call, OptionalLong before) {
        var state = Inputs.state(call);
        var task = call.query("task").flatMap(Inputs::id);
        var query = new RunQuery(task.map(TaskId::new), Inputs.states(state), before, 0, ROWS + 1);
        var found = runs.list(query);
        var shown = found.subList(0, Math.min(ROWS, found.size()));
        var older =
                found.size() > ROWS
                        ? OptionalLong.of(shown.getLast().id().value())
                        : OptionalLong.empty();
        return new RunListView(state, task, RunRows.of(shown, tasks), before.isEmpty(), older);
    }

    private Answer find(Call call) {
        var id = Inputs.runId(call);
        var view = view(id, call).orElseThrow(() -> Inputs.none("run"));
        return Pages.page(call, "Run " + id, "run.jte", view);
    }

    private Answer follow(Call call) {
        var id = Inputs.runId(call);
        if (runs.find(id).isEmpty()) {
            throw Inputs.none("run");
        }
        return live.stream(
                call, () -> view(id, call).map(view -> Pages.part("run-part.jte", view)));
    }

    private Optional<RunView> view(RunId id, Call call) {
        return runs.find(id).map(run -> RunFacts.view(run, runs, tasks, past, call));
    }

    private Answer cancel(Call call) {
        var id = Inputs.runId(call);
        return switch (runs.cancel(id, "cancelled by " + call.caller())) {
            case Runs.Cancelled.Done(Run run) -> Pages.seeOther(path(run.id()));
            case Runs.Cancelled.NotFound() -> throw Inputs.none("run");
            case Runs.Cancelled.AlreadyEnded(Run run) ->
                    throw new RefusedException(
                            Refusal.of(
                                    Refusal.Kind.CONFLICT,
                                    "The run has ended already: " + run.state() + "."));
        };
    }

    private Answer replay(Call call) {
        var again = runs.replay(Inputs.runId(call)).orElseThrow(() -> Inputs.none("run"));
        return Pages.seeOther(path(again.id()));
    }
}
