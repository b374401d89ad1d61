package carillon.api;

import static java.util.Objects.requireNonNull;

import carillon.action.StepKey;
import carillon.action.Wait;
import carillon.action.Workflow;
import carillon.json.DecisionJson;
import carillon.json.Fields;
import carillon.json.Json;
import carillon.json.PortionJson;
import carillon.json.Problems;
import carillon.run.Output;
import carillon.run.Portion;
import carillon.run.Run;
import carillon.run.RunEventStore;
import carillon.run.RunEventStore.Told;
import carillon.run.RunId;
import carillon.run.Runs;
import carillon.run.Steps;
import carillon.web.Answer;
import carillon.web.Call;
import carillon.web.Permission;
import carillon.web.Refusal;
import carillon.web.Route;
import carillon.web.Route.Method;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// The steps of runs of workflows: what became of each, and the decisions that people make.
public final class WorkflowRoutes {
    private static final String RUN = "/api/v1/runs/{id}";
    private static final int MAX_COMMENT_LENGTH = 2_000;
    private static final int ACCEPTED = 202;

    private final Steps steps;
    private final Runs runs;

    public WorkflowRoutes(Steps steps, Runs runs) {
        this.steps = requireNonNull(steps, "steps");
        this.runs = requireNonNull(runs, "runs");
    }

    public List<Route> routes() {
        return List.of(
                new Route(Method.GET, RUN + "/steps", Permission.VIEW, this::list),
                new Route(
                        Method.POST,
                        RUN + "/steps/{step}/replay",
                        Permission.OPERATE,
                        this::replay),
                new Route(Method.POST, RUN + "/approve", Permission.OPERATE, this::approve),
                new Route(Method.POST, RUN + "/reject", Permission.OPERATE, this::reject),
                new Route(Method.POST, RUN + "/events/{name}", Permission.OPERATE, this::tell));
    }

    private Answer list(Call call) {
        var id = Parameters.runId(call);
        var workflow = workflow(id);
        int limit = Parameters.limit(call);
        long after = Parameters.cursor(call).orElse(0);
        var found = steps.list(id, after, limit + 1);
        var outputs = runs.outputs(found.stream().map(Run::id).toList());
        return Answer.ok(
                Page.of(
                        found,
                        limit,
                        one -> one.id().value(),
                        one -> {
                            var key = one.occasion().step().orElseThrow();
                            var name = workflow.steps().get(key.place()).name();
                            var output = outputs.getOrDefault(one.id(), Output.NONE);
                            return view(one, key, name, output);
                        }));
    }

    private static ObjectNode view(Run run, StepKey key, String name, Output output) {
        var view = Json.object().put("step", name);
        view.put("pass", key.pass() > 0 ? key.pass() : null);
        view.put("item", key.item() > 0 ? key.item() : null);
        view.setAll(RunView.begins(run));
        return output.isEmpty() ? view : view.set("output", RunView.output(output));
    }

    /// Another run of the version that ran then, in which all before the step counts as done.
    private Answer replay(Call call) {
        Parameters.requireEmptyBody(call);
        var id = Parameters.runId(call);
        var workflow = workflow(id);
        var steps = workflow.from(call.path("step"));
        if (steps.isEmpty()) {
            throw Refused.of(
                    Refusal.Kind.NOT_FOUND,
                    "the workflow has no step '" + Parameters.shown(call.path("step")) + "'");
        }
        if (workflow.loop().isPresent()) {
            throw Refused.of(
                    Refusal.Kind.CONFLICT, "a loop cannot be replayed from one of its steps");
        }
        var input = PortionJson.write(new Portion(Optional.of(id), steps), runs.input(id));
        var again = runs.replay(id, Optional.of(input)).orElseThrow(() -> noRun(id));
        return Answer.created(RunView.begins(again))
                .withHeader("Location", RunRoutes.location(again.id()));
    }

    private static RuntimeException noRun(RunId id) {
        return Refused.noRun(id.toString());
    }

    private Workflow workflow(RunId id) {
        var run = runs.find(id).orElseThrow(() -> noRun(id));
        return steps.workflow(run).orElseThrow(() -> noWorkflow(id));
    }

    private Answer approve(Call call) {
        return decide(call, true);
    }

    private Answer reject(Call call) {
        return decide(call, false);
    }

    private Answer decide(Call call, boolean approved) {
        var decision = new DecisionJson(approved, call.caller(), comment(call));
        var output = new Output(OptionalInt.empty(), "application/json", decision.write(), false);
        var id = Parameters.runId(call);
        return switch (steps.decide(id, approved, decision.reason(), output)) {
            case Steps.Decided.Done(var run) -> Answer.ok(RunView.whole(run, runs));
            case Steps.Decided.NotFound() -> throw Refused.noRun(id.toString());
            case Steps.Decided.NotWaiting(var run) -> throw notWaiting(run);
        };
    }

    /// `{"run_id", "name", "taken_by"}`: the run of the step that waited for it, or null.
    private Answer tell(Call call) {
        var id = Parameters.runId(call);
        var name = call.path("name");
        if (!Wait.Event.isName(name)) {
            throw Refused.invalid("name", "must be 1 to 100 letters, digits, '.', '-' and '_'");
        }
        var body = call.hasBody() ? Json.write(call.json()) : "";
        if (body.length() > Output.MAX_KEPT) {
            throw Refused.of(Refusal.Kind.TOO_LARGE, "an event takes at most 64 KiB");
        }
        var run = runs.find(id).orElseThrow(() -> noRun(id));
        var told = steps.tell(run, name, body).orElseThrow(() -> noWorkflow(id));
        var view = Json.object().put("run_id", id.value()).put("name", name);
        return switch (told) {
            case Told.Taken(var step) -> Answer.ok(view.put("taken_by", step.id().value()));
            case Told.Kept() -> Answer.of(ACCEPTED, view.putNull("taken_by"));
            case Told.NotOpen() -> throw conflict("run " + id + " has ended");
            case Told.TooMany() ->
                    throw conflict(
                            "run " + id + " keeps " + RunEventStore.MAX_KEPT + " events already");
        };
    }

    private static RuntimeException conflict(String message) {
        return Refused.of(Refusal.Kind.CONFLICT, message);
    }

    private static RuntimeException noWorkflow(RunId id) {
        return conflict("run " + id + " is none of a workflow");
    }

    private static RuntimeException notWaiting(Run run) {
        return Refused.of(
                Refusal.Kind.CONFLICT,
                "run " + run.id() + " waits for no approval: it is " + run.state());
    }

    private static String comment(Call call) {
        if (!call.hasBody()) {
            return "";
        }
        var problems = new Problems();
        var fields = Fields.of(call.json(), "", problems);
        var comment = fields.flatMap(body -> body.text("comment", MAX_COMMENT_LENGTH));
        fields.ifPresent(Fields::done);
        if (!problems.isEmpty()) {
            throw Refused.of(problems);
        }
        return comment.orElse("");
    }
}
