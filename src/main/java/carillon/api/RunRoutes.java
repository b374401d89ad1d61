package carillon.api;

import carillon.run.Run;
import carillon.run.RunId;
import carillon.run.RunQuery;
import carillon.run.RunState;
import carillon.run.Runs;
import carillon.task.TaskId;
import carillon.web.Answer;
import carillon.web.Call;
import carillon.web.Permission;
import carillon.web.Refusal;
import carillon.web.Route;
import carillon.web.Route.Method;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// `/runs` and `/runs/{id}`.
final class RunRoutes {
    private static final String RUNS = "/api/v1/runs";
    private static final String RUN = RUNS + "/{id}";

    private final Runs runs;

    RunRoutes(Runs runs) {
        this.runs = runs;
    }

    static String location(RunId id) {
        return RUNS + "/" + id;
    }

    List<Route> routes() {
        return List.of(
                new Route(Method.GET, RUNS, Permission.VIEW, this::list),
                new Route(Method.GET, RUN, Permission.VIEW, this::find),
                new Route(Method.POST, RUN + "/cancel", Permission.OPERATE, this::cancel),
                new Route(Method.POST, RUN + "/replay", Permission.OPERATE, this::replay),
                new Route(Method.GET, RUN + "/output", Permission.VIEW, this::output),
                new Route(Method.GET, RUN + "/attempts", Permission.VIEW, this::attempts));
    }

    private Answer list(Call call) {
        return list(runs, call, Parameters.taskIdQuery(call, "task_id"));
    }

    static Answer list(Runs runs, Call call, Optional<TaskId> task) {
        int limit = Parameters.limit(call);
        var query = new RunQuery(task, states(call), Parameters.cursor(call), 0, limit + 1);
        var found = runs.list(query);
        var spendings = runs.spendings(found.stream().map(Run::id).toList());
        return Answer.ok(Page.of(found, limit, run -> run.id().value(), RunView.inList(spendings)));
    }

    /// One or several states, in either case, with commas between them.
    private static Set<RunState> states(Call call) {
        var states = EnumSet.noneOf(RunState.class);
        for (var word : call.query("state").filter(t -> !t.isBlank()).orElse("").split(",", -1)) {
            if (word.isBlank()) {
                continue;
            }
            states.add(
                    Arrays.stream(RunState.values())
                            .filter(state -> state.name().equalsIgnoreCase(word.strip()))
                            .findFirst()
                            .orElseThrow(RunRoutes::noState));
        }
        return states;
    }

    private static RuntimeException noState() {
        var names = Arrays.stream(RunState.values()).map(RunState::name).toList();
        return Refused.invalid("state", "must be one of " + String.join(", ", names));
    }

    private Run require(Call call) {
        var id = Parameters.runId(call);
        return runs.find(id).orElseThrow(() -> Refused.noRun(id.toString()));
    }

    private Answer find(Call call) {
        var run = require(call);
        return Answer.ok(RunView.whole(run, runs));
    }

    private Answer cancel(Call call) {
        Parameters.requireEmptyBody(call);
        var id = Parameters.runId(call);
        return switch (runs.cancel(id, "cancelled by " + call.caller())) {
            case Runs.Cancelled.Done(var run) -> Answer.ok(RunView.whole(run, runs));
            case Runs.Cancelled.NotFound() -> throw Refused.noRun(id.toString());
            case Runs.Cancelled.AlreadyEnded(var run) ->
                    throw Refused.of(
                            Refusal.Kind.CONFLICT,
                            "run " + id + " has ended already: " + run.state());
        };
    }

    private Answer replay(Call call) {
        Parameters.requireEmptyBody(call);
        var id = Parameters.runId(call);
        if (require(call).occasion().step().isPresent()) {
            throw Refused.of(
                    Refusal.Kind.CONFLICT,
                    "run " + id + " is a step: the run of its workflow can be replayed");
        }
        var run = runs.replay(id).orElseThrow(() -> Refused.noRun(id.toString()));
        return Answer.created(RunView.begins(run)).withHeader("Location", location(run.id()));
    }

    private Answer output(Call call) {
        return Answer.ok(RunView.output(runs.output(require(call).id())));
    }

    private Answer attempts(Call call) {
        var attempts = runs.attempts(require(call).id());
        return Answer.ok(Page.whole(attempts.stream().map(RunView::attempt).toList()));
    }
}
