package carillon.api;

import carillon.cluster.Node;
import carillon.json.Json;
import carillon.task.Task;
import carillon.web.Answer;
import carillon.web.Call;
import carillon.web.Permission;
import carillon.web.Route;
import carillon.web.Route.Method;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// How the server and its fellows are: `/cluster` and the health checks.
final class ServerRoutes {
    private static final int NEXT_RUNS = 10;

    private final NativeApi.Parts parts;

    ServerRoutes(NativeApi.Parts parts) {
        this.parts = parts;
    }

    List<Route> routes() {
        return List.of(
                new Route(Method.GET, "/health/live", Permission.NONE, _ -> live()),
                new Route(Method.GET, "/health/ready", Permission.NONE, _ -> ready()),
                new Route(Method.GET, "/api/v1/cluster", Permission.VIEW, this::cluster));
    }

    private static Answer live() {
        return Answer.ok(Map.of("status", "live"));
    }

    private Answer ready() {
        if (parts.nodes().isHeld()) {
            return Answer.of(503, Map.of("status", "held"));
        }
        return parts.ready().getAsBoolean()
                ? Answer.ok(Map.of("status", "ready"))
                : Answer.of(503, Map.of("status", "not ready"));
    }

    private Answer cluster(Call call) {
        var body = Json.object();
        var nodes = body.putArray("nodes");
        parts.nodes().nodes().forEach(node -> nodes.add(view(node)));
        body.put("running", parts.runs().running());
        var next = body.putArray("next_runs");
        parts.tasks().nextToRun(Optional.empty(), NEXT_RUNS).forEach(task -> next.add(view(task)));
        return Answer.ok(body);
    }

    private static ObjectNode view(Node node) {
        return Json.object()
                .put("name", node.holder().node())
                .put("epoch", node.holder().epoch())
                .put("alive", node.alive())
                .put("started_at", node.startedAt().toString())
                .put("lease_until", node.leaseUntil().toString())
                .put("clock_ahead_ms", node.ahead().toMillis());
    }

    private static ObjectNode view(Task task) {
        var view =
                Json.object()
                        .put("task_id", task.id().value())
                        .put("name", task.definition().name());
        TaskView.putInstant(view, "next_fire_at", task.nextRun());
        return view;
    }
}
