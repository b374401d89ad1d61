package carillon.api;

import carillon.json.Json;
import carillon.outbox.Delivery;
import carillon.outbox.DeliveryStore;
import carillon.run.Runs;
import carillon.web.Answer;
import carillon.web.Call;
import carillon.web.Permission;
import carillon.web.Route;
import carillon.web.Route.Method;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/// `/runs/{id}/deliveries`: what the processors of a run's task have to bring where, and how far
/// that has come.
public final class DeliveryRoutes {
    private final Runs runs;
    private final DeliveryStore deliveries;

    public DeliveryRoutes(Runs runs, DeliveryStore deliveries) {
        this.runs = runs;
        this.deliveries = deliveries;
    }

    public List<Route> routes() {
        return List.of(
                new Route(Method.GET, "/api/v1/runs/{id}/deliveries", Permission.VIEW, this::list));
    }

    private Answer list(Call call) {
        var id = Parameters.runId(call);
        if (runs.find(id).isEmpty()) {
            throw Refused.noRun(id.toString());
        }
        var found = deliveries.of(id.value());
        return Answer.ok(Page.whole(found.stream().map(DeliveryRoutes::view).toList()));
    }

    private static ObjectNode view(Delivery delivery) {
        var progress = delivery.progress();
        boolean pending = progress.state() == Delivery.State.PENDING;
        var view =
                Json.object()
                        .put("id", delivery.id())
                        .put("processor", delivery.position())
                        .put("type", delivery.type())
                        .put("target", delivery.target())
                        .put("state", progress.state().name())
                        .put("attempts", progress.attempts())
                        .put("error", progress.error().isEmpty() ? null : progress.error())
                        .put("created_at", progress.createdAt().toString());
        TaskView.putInstant(view, "attempted_at", progress.attemptedAt());
        TaskView.putInstant(
                view, "next_attempt_at", Optional.of(progress.dueAt()).filter(_ -> pending));
        TaskView.putInstant(view, "finished_at", progress.finishedAt());
        return view;
    }
}
