package carillon.api;

import static java.util.Objects.requireNonNull;

import carillon.budget.Budgets;
import carillon.cluster.NodeStore;
import carillon.event.EventStore;
import carillon.idempotency.IdempotencyStore;
import carillon.run.Ledgers;
import carillon.run.Runs;
import carillon.task.Tasks;
import carillon.web.Answer;
import carillon.web.Api;
import carillon.web.ProblemDetails;
import carillon.web.Refusal;
import carillon.web.Route;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/// The native API, under `/api/v1`, and the health checks at the root.
public final class NativeApi implements Api {
    /// As in `origin` of the tasks that it makes.
    public static final String NAME = "native";

    private final List<Route> routes;

    /// What the API is made of. `ready` says whether this node takes work; `zone` is meant by
    /// schedules that name none.
    public record Parts(
            Tasks tasks,
            Runs runs,
            Ledgers ledgers,
            EventStore events,
            NodeStore nodes,
            BooleanSupplier ready,
            ZoneId zone,
            InstantSource time) {
        public Parts {
            requireNonNull(tasks, "tasks");
            requireNonNull(runs, "runs");
            requireNonNull(ledgers, "ledgers");
            requireNonNull(events, "events");
            requireNonNull(nodes, "nodes");
            requireNonNull(ready, "ready");
            requireNonNull(zone, "zone");
            requireNonNull(time, "time");
        }
    }

    /// `budgets` tell how those of tasks stand; `rules` are for tasks that are sent; `more` are
    /// routes of features that stand on their own, such as keys; `requests` makes POSTs repeatable.
    public NativeApi(
            Parts parts,
            Budgets budgets,
            TaskRules rules,
            List<Route> more,
            IdempotencyStore requests) {
        var idempotency = new Idempotency(requests, parts.time());
        this.routes =
                Stream.of(
                                new TaskRoutes(parts, budgets, rules).routes(),
                                new TaskRunRoutes(parts).routes(),
                                new VersionRoutes(parts.tasks(), budgets).routes(),
                                new RunRoutes(parts.runs()).routes(),
                                new PreviewRoutes(parts.zone(), parts.time()).routes(),
                                new EventRoutes(parts.events(), parts.time()).routes(),
                                new ServerRoutes(parts).routes(),
                                new DocumentRoutes().routes(),
                                more)
                        .flatMap(List::stream)
                        .map(idempotency::honoured)
                        .toList();
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String prefix() {
        return "";
    }

    @Override
    public List<Route> routes() {
        return routes;
    }

    @Override
    public Access access() {
        return Access.KEY;
    }

    @Override
    public Answer refuse(Refusal refusal, String requestId) {
        return ProblemDetails.of(refusal, requestId);
    }
}
