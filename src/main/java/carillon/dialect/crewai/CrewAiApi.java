package carillon.dialect.crewai;

import static java.util.Objects.requireNonNull;

import carillon.agent.Agents;
import carillon.batch.BatchStore;
import carillon.batch.Batches;
import carillon.event.EventStore;
import carillon.json.Json;
import carillon.perform.AgentTrial;
import carillon.run.ListedRuns;
import carillon.run.Runs;
import carillon.run.Steps;
import carillon.task.TaskLists;
import carillon.task.Tasks;
import carillon.web.Answer;
import carillon.web.Api;
import carillon.web.Call;
import carillon.web.Permission;
import carillon.web.Refusal;
import carillon.web.Route;
import carillon.workflow.StepNumbers;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The CrewAI API under `/crewai`.
public final class CrewAiApi implements Api {
    /// As in `origin` of the tasks that it makes.
    public static final String NAME = "crewai";

    /// Its list of workflows, called by its name.
    public static final TaskLists.Rule LIST = new TaskLists.Rule(2, Sheet::fits, true);

    static final String ROOT = "/api/v1";

    /// What it works on.
    public record Parts(
            Tasks tasks,
            Runs runs,
            Steps steps,
            Batches batches,
            Agents agents,
            AgentTrial trial,
            Records records,
            InstantSource time) {
        public Parts {
            requireNonNull(tasks, "tasks");
            requireNonNull(runs, "runs");
            requireNonNull(steps, "steps");
            requireNonNull(batches, "batches");
            requireNonNull(agents, "agents");
            requireNonNull(trial, "trial");
            requireNonNull(records, "records");
            requireNonNull(time, "time");
        }
    }

    /// What it reads beside the use cases.
    public record Records(
            ListedRuns runs, StepNumbers numbers, BatchStore standings, EventStore events) {
        public Records {
            requireNonNull(runs, "runs");
            requireNonNull(numbers, "numbers");
            requireNonNull(standings, "standings");
            requireNonNull(events, "events");
        }
    }

    private final List<Route> routes;
    private final Broadcast broadcast;

    public CrewAiApi(Parts parts) {
        var audience = new Audience();
        broadcast = new Broadcast(parts, parts.records().events(), audience);
        var workflows = new Workflows(parts);
        var executions = new Executions(parts, workflows);
        var all = new ArrayList<Route>();
        all.add(new Route(Route.Method.GET, "/health", Permission.NONE, _ -> health()));
        all.addAll(new AgentRoutes(parts.agents(), parts.trial()).routes());
        all.addAll(new WorkflowRoutes(parts, workflows, executions).routes());
        all.addAll(new TaskRoutes(parts, workflows, executions).routes());
        all.addAll(new ExecutionRoutes(parts, workflows, executions).routes());
        Route.Handler enter =
                call -> {
                    broadcast.awake(parts.time().instant());
                    return Answer.socket(call, audience.door());
                };
        all.add(new Route(Route.Method.GET, "/ws", Permission.VIEW, enter));
        all.add(new Route(Route.Method.GET, ROOT + "/ws", Permission.VIEW, enter));
        routes = List.copyOf(all);
    }

    /// Tells the open sockets what has happened. Returns when it wants to be called again.
    public Instant tell(Instant now) {
        return broadcast.look(now);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String prefix() {
        return "/crewai";
    }

    @Override
    public Access access() {
        return Access.LOOPBACK_OR_USERS;
    }

    @Override
    public Answer refuse(Refusal refusal, String requestId) {
        return Failures.answer(refusal);
    }

    @Override
    public List<Route> routes() {
        return routes;
    }

    private static Answer health() {
        return Answer.ok(Json.object().put("status", "healthy"));
    }

    /// The id that a path names; empty for what is none.
    static Optional<Long> number(String text) {
        return text.matches("[1-9][0-9]{0,15}")
                ? Optional.of(Long.parseLong(text))
                : Optional.empty();
    }

    /// `Agent deleted successfully`, and so on.
    static Answer done(String what) {
        return Answer.ok(Json.object().put("message", what + " successfully"));
    }

    static Answer list(List<ObjectNode> items) {
        var out = Json.array();
        items.forEach(out::add);
        return Answer.ok(out);
    }

    static long require(Call call, String name, String resource) {
        return number(call.path(name))
                .orElseThrow(() -> Failures.notFound(resource, call.path(name)));
    }
}
