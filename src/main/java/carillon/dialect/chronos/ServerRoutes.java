package carillon.dialect.chronos;

import static carillon.web.Permission.NONE;
import static carillon.web.Permission.VIEW;
import static carillon.web.Route.Method.GET;

import carillon.cluster.Node;
import carillon.cluster.NodeStore;
import carillon.dialect.Catalog;
import carillon.json.Json;
import carillon.run.Runs;
import carillon.task.TaskQuery;
import carillon.task.Tasks;
import carillon.web.Answer;
import carillon.web.Call;
import carillon.web.Route;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Health, figures, and the cluster as Chronos sees it.
final class ServerRoutes {
    private static final int MAX_NEXT_RUNS = 10;

    private final Tasks tasks;
    private final Runs runs;
    private final Catalog jobs;
    private final NodeStore nodes;
    private final String node;
    private final InstantSource time;

    ServerRoutes(
            Tasks tasks,
            Runs runs,
            Catalog jobs,
            NodeStore nodes,
            String node,
            InstantSource time) {
        this.tasks = tasks;
        this.runs = runs;
        this.jobs = jobs;
        this.nodes = nodes;
        this.node = node;
        this.time = time;
    }

    List<Route> routes() {
        return List.of(
                new Route(GET, "/health", NONE, this::health),
                new Route(GET, "/metrics", NONE, this::metrics),
                new Route(GET, "/api/v1/cluster/status", VIEW, this::status));
    }

    /// Healthy means that the store answers; when it does not, the answer is STORE_ERROR.
    private Answer health(Call call) {
        runs.running();
        var now = time.instant().truncatedTo(ChronoUnit.SECONDS);
        return Envelope.ok(Json.object().put("status", "healthy").put("timestamp", now.toString()));
    }

    /// Everybody may ask: so all of this is counted by the store and none of it is read.
    private Answer metrics(Call call) {
        var all = TaskQuery.newest(0);
        var enabled = new TaskQuery(all.list(), Optional.of(false), all.text(), all.before(), 0, 0);
        var text =
                gauge("chronos_tasks", "Tasks of the server.", tasks.count(all))
                        + gauge(
                                "chronos_tasks_enabled",
                                "Tasks that are enabled.",
                                tasks.count(enabled))
                        + gauge(
                                "chronos_executions_running",
                                "Executions under way now.",
                                runs.running())
                        + gauge(
                                "chronos_is_leader",
                                "Whether this node is the leader.",
                                isLeader() ? 1 : 0);
        return new Answer(200, text, "text/plain; version=0.0.4; charset=utf-8", Map.of());
    }

    private static String gauge(String name, String help, long value) {
        return "# HELP %1$s %2$s\n# TYPE %1$s gauge\n%1$s %3$d\n".formatted(name, help, value);
    }

    private Answer status(Call call) {
        var out =
                Json.object()
                        .put("is_leader", isLeader())
                        .put("jobs_total", jobs.count())
                        .put("running", runs.running());
        var next = out.putArray("next_runs");
        for (var task : jobs.nextToRun(MAX_NEXT_RUNS)) {
            var at = task.nextRun().orElseThrow();
            next.addObject().put("job_id", Codec.jobId(task.id())).put("next_run", at.toString());
        }
        return Envelope.ok(out);
    }

    /// All nodes of this server do the same. Where Chronos wants a leader, it is the node that has
    /// been alive the longest.
    private boolean isLeader() {
        return nodes.nodes().stream()
                .filter(other -> other.alive())
                .map(Node::holder)
                .min(Comparator.comparingLong(holder -> holder.epoch()))
                .filter(holder -> holder.node().equals(node))
                .isPresent();
    }
}
