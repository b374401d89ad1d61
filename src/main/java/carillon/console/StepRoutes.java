package carillon.console;

import carillon.action.Approval;
import carillon.json.DecisionJson;
import carillon.run.Output;
import carillon.run.Run;
import carillon.run.RunId;
import carillon.run.Runs;
import carillon.run.Steps;
import carillon.web.Answer;
import carillon.web.Call;
import carillon.web.Permission;
import carillon.web.Refusal;
import carillon.web.RefusedException;
import carillon.web.Route;
import carillon.web.Route.Method;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/// The steps of runs of workflows, and the decisions that people make in them.
final class StepRoutes {
    private static final String RUN = "/runs/{id}";
    private static final int ROWS = 100;
    private static final int MAX_COMMENT = 2_000;

    private final Runs runs;
    private final Steps steps;

    StepRoutes(Runs runs, Steps steps) {
        this.runs = runs;
        this.steps = steps;
    }

    List<Route> routes() {
        return List.of(
                new Route(Method.GET, RUN + "/steps", Permission.VIEW, this::list),
                new Route(Method.POST, RUN + "/approve", Permission.OPERATE, c -> decide(c, true)),
                new Route(Method.POST, RUN + "/reject", Permission.OPERATE, c -> decide(c, false)));
    }

    private Answer list(Call call) {
        var id = Inputs.runId(call);
        var run = runs.find(id).orElseThrow(() -> Inputs.none("run"));
        long after = call.query("after").flatMap(Inputs::id).orElse(0L);
        var view = view(steps, run, after).orElseThrow(() -> Inputs.none("workflow"));
        return Pages.page(call, "Steps of run " + id, "steps.jte", view);
    }

    /// The steps after the run with the id `after`; empty when the run is none of a workflow.
    static Optional<StepListView> view(Steps steps, Run run, long after) {
        return steps.workflow(run)
                .map(
                        workflow -> {
                            var found = steps.list(run.id(), after, ROWS + 1);
                            var shown = found.subList(0, Math.min(ROWS, found.size()));
                            var more =
                                    found.size() > ROWS
                                            ? OptionalLong.of(shown.getLast().id().value())
                                            : OptionalLong.empty();
                            var names = workflow.steps().stream().map(step -> step.name()).toList();
                            var rows = shown.stream().map(step -> row(step, names)).toList();
                            return new StepListView(run.id().value(), rows, more);
                        });
    }

    private static StepRow row(Run step, List<String> names) {
        var key = step.occasion().step().orElseThrow();
        var name = new StringBuilder(names.get(key.place()));
        if (key.pass() > 0) {
            name.append(", pass ").append(key.pass());
        }
        if (key.item() > 0) {
            name.append(", item ").append(key.item());
        }
        var row = RunRow.of(step, name.toString());
        return new StepRow(row.id(), row.name(), row.state(), row.tone(), row.timing(), row.note());
    }

    /// What the run asks a person, if it does and nobody has answered.
    static Optional<String> question(Steps steps, Run run) {
        return run.occasion()
                .step()
                .filter(_ -> !run.state().isFinal())
                .flatMap(key -> steps.step(run, key))
                .map(step -> step.action())
                .filter(Approval.class::isInstance)
                .map(action -> ((Approval) action).question());
    }

    private Answer decide(Call call, boolean approved) {
        var comment = call.field("comment").map(String::strip).orElse("");
        if (comment.length() > MAX_COMMENT) {
            throw refused(
                    Refusal.Kind.INVALID, "A comment has at most " + MAX_COMMENT + " characters.");
        }
        RunId id = Inputs.runId(call);
        var decision = new DecisionJson(approved, call.caller(), comment);
        var output = new Output(OptionalInt.empty(), "application/json", decision.write(), false);
        return switch (steps.decide(id, approved, decision.reason(), output)) {
            case Steps.Decided.Done(Run run) -> Pages.seeOther(RunRoutes.path(run.id()));
            case Steps.Decided.NotFound() -> throw Inputs.none("run");
            case Steps.Decided.NotWaiting(Run run) ->
                    throw refused(
                            Refusal.Kind.CONFLICT,
                            "The run waits for no approval: it is " + run.state() + ".");
        };
    }

    private static RefusedException refused(Refusal.Kind kind, String message) {
        return new RefusedException(Refusal.of(kind, message));
    }
}
