package carillon.api;

import static java.util.Objects.requireNonNull;

import carillon.json.Fields;
import carillon.json.Json;
import carillon.json.Problems;
import carillon.run.Holds;
import carillon.web.Answer;
import carillon.web.Call;
import carillon.web.Permission;
import carillon.web.Refusal;
import carillon.web.Route;
import carillon.web.Route.Method;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/// `/hold`: what a restored server would do, and the word that lets it.
public final class HoldRoutes {
    private static final String HOLD = "/api/v1/hold";

    private final Holds holds;

    public HoldRoutes(Holds holds) {
        this.holds = requireNonNull(holds, "holds");
    }

    public List<Route> routes() {
        return List.of(
                new Route(Method.GET, HOLD, Permission.VIEW, this::show),
                new Route(Method.POST, HOLD + "/release", Permission.ADMINISTER, this::release));
    }

    private Answer show(Call call) {
        int limit = Parameters.limit(call);
        var hold = holds.current();
        var view = Json.object().put("held", hold.isPresent());
        hold.ifPresent(
                found ->
                        view.put("since", found.since().toString())
                                .put("reason", found.reason())
                                .put("open_runs", holds.openRuns()));
        var overdue = view.putArray("overdue");
        if (hold.isPresent()) {
            holds.overdue(limit).forEach(each -> overdue.add(view(each)));
        }
        return Answer.ok(view);
    }

    private static ObjectNode view(Holds.Overdue overdue) {
        var task = overdue.task();
        var view =
                Json.object()
                        .put("task_id", task.id().value())
                        .put("name", task.definition().name());
        TaskView.putInstant(view, "first_at", task.progress().nextFireAt());
        return view.put("passed", overdue.passed())
                .put("would_run", overdue.wouldRun())
                .put("whole", overdue.whole());
    }

    private Answer release(Call call) {
        var problems = new Problems();
        var missed = Fields.of(call.json(), "", problems).flatMap(HoldRoutes::missed);
        if (!problems.isEmpty() || missed.isEmpty()) {
            throw Refused.of(problems);
        }
        if (!holds.release(missed.get())) {
            throw Refused.of(Refusal.Kind.CONFLICT, "nothing is held");
        }
        return Answer.ok(Json.object().put("held", false));
    }

    private static Optional<Holds.Missed> missed(Fields fields) {
        var missed = fields.word("missed", Holds.Missed.class);
        if (!fields.has("missed")) {
            fields.problem("missed", "must be skip or run");
        }
        fields.done();
        return missed;
    }
}
