package carillon.api;

import static java.util.Objects.requireNonNull;

import carillon.action.Workflow;
import carillon.graph.Graph;
import carillon.graph.GraphSvg;
import carillon.json.Json;
import carillon.run.Run;
import carillon.run.RunState;
import carillon.run.Runs;
import carillon.run.Steps;
import carillon.task.Task;
import carillon.task.TaskQuery;
import carillon.task.Tasks;
import carillon.web.Answer;
import carillon.web.Call;
import carillon.web.Permission;
import carillon.web.Refusal;
import carillon.web.Route;
import carillon.web.Route.Method;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/// `/workflows`: tasks that have steps, with these as a graph; and pictures of them, and of their
/// runs.
public final class GraphRoutes {
    /// The name of the list of tasks that are workflows.
    public static final String LIST = "workflows";

    private static final String WORKFLOWS = "/api/v1/workflows";
    private static final String WORKFLOW = WORKFLOWS + "/{id}";
    private static final String SVG = "image/svg+xml; charset=utf-8";

    /// Nothing in a picture runs, or is fetched.
    private static final Map<String, String> POLICY =
            Map.of(
                    "Content-Security-Policy",
                    "default-src 'none'; style-src 'none'; frame-ancestors 'none'");

    private final Tasks tasks;
    private final Runs runs;
    private final Steps steps;

    public GraphRoutes(Tasks tasks, Runs runs, Steps steps) {
        this.tasks = requireNonNull(tasks, "tasks");
        this.runs = requireNonNull(runs, "runs");
        this.steps = requireNonNull(steps, "steps");
    }

    public List<Route> routes() {
        return List.of(
                new Route(Method.GET, WORKFLOWS, Permission.VIEW, this::list),
                new Route(Method.GET, WORKFLOW, Permission.VIEW, this::find),
                new Route(Method.GET, WORKFLOW + "/graph.svg", Permission.VIEW, this::picture),
                new Route(
                        Method.GET,
                        "/api/v1/runs/{id}/graph.svg",
                        Permission.VIEW,
                        this::pictureOfRun));
    }

    private Answer list(Call call) {
        int limit = Parameters.limit(call);
        var query =
                new TaskQuery(
                        Optional.of(LIST),
                        Optional.empty(),
                        Optional.empty(),
                        Parameters.cursor(call),
                        0,
                        limit + 1);
        var found = tasks.list(query);
        return Answer.ok(Page.of(found, limit, task -> task.id().value(), GraphRoutes::head));
    }

    private static ObjectNode head(Task task) {
        var workflow = (Workflow) task.definition().action();
        var view =
                Json.object()
                        .put("id", task.id().value())
                        .put("name", task.definition().name())
                        .put("shape", workflow.shape().name().toLowerCase(Locale.ROOT))
                        .put("steps", workflow.steps().size())
                        .put("version", task.version())
                        .put("paused", task.paused());
        TaskView.putInstant(view, "next_fire_at", task.nextRun());
        return view;
    }

    private Answer find(Call call) {
        var task = require(call);
        var graph = graph((Workflow) task.definition().action(), _ -> "");
        var view = head(task);
        var shown = view.putObject("graph");
        var nodes = shown.putArray("nodes");
        graph.nodes()
                .forEach(
                        node ->
                                nodes.addObject()
                                        .put("name", node.name())
                                        .put("kind", node.kind()));
        var edges = shown.putArray("edges");
        for (var edge : graph.edges()) {
            edges.addObject()
                    .put("from", graph.nodes().get(edge.from()).name())
                    .put("to", graph.nodes().get(edge.to()).name());
        }
        return Answer.ok(view);
    }

    private Task require(Call call) {
        var id = Parameters.taskId(call);
        return tasks.find(id)
                .filter(task -> task.definition().action() instanceof Workflow)
                .orElseThrow(
                        () -> Refused.of(Refusal.Kind.NOT_FOUND, "there is no workflow " + id));
    }

    private Answer picture(Call call) {
        var task = require(call);
        var graph = graph((Workflow) task.definition().action(), _ -> "");
        return picture(graph, "Workflow " + task.definition().name());
    }

    private Answer pictureOfRun(Call call) {
        var id = Parameters.runId(call);
        var run = runs.find(id).orElseThrow(() -> Refused.noRun(id.toString()));
        var workflow =
                steps.workflow(run)
                        .orElseThrow(
                                () ->
                                        Refused.of(
                                                Refusal.Kind.CONFLICT,
                                                "run " + id + " is none of a workflow"));
        requireFew(workflow.steps().size());
        var states = states(run, workflow);
        return picture(graph(workflow, at -> states[at]), "Run " + id + " of a workflow");
    }

    /// How each step stands in its newest pass: as the least ended of its runs.
    private String[] states(Run run, Workflow workflow) {
        var states = new String[workflow.steps().size()];
        var passes = new int[states.length];
        var worst = new RunState[states.length];
        long after = 0;
        while (true) {
            var page = steps.list(run.id(), after, 1_000);
            for (var step : page) {
                var key = step.occasion().step().orElseThrow();
                int at = key.place();
                if (worst[at] == null
                        || key.pass() > passes[at]
                        || rank(step.state()) < rank(worst[at])) {
                    worst[at] = step.state();
                    passes[at] = key.pass();
                }
            }
            if (page.size() < 1_000) {
                break;
            }
            after = page.getLast().id().value();
        }
        for (int i = 0; i < states.length; i++) {
            states[i] = worst[i] == null ? "" : worst[i].name().toLowerCase(Locale.ROOT);
        }
        return states;
    }

    private static int rank(RunState state) {
        return switch (state) {
            case RUNNING -> 0;
            case QUEUED -> 1;
            case FAILED -> 2;
            case CANCELLED -> 3;
            case MISSED -> 4;
            case SKIPPED -> 5;
            case SUCCEEDED -> 6;
        };
    }

    private static Answer picture(Graph graph, String title) {
        requireFew(graph.nodes().size());
        return new Answer(200, GraphSvg.of(graph, title), SVG, POLICY);
    }

    private static void requireFew(int steps) {
        if (steps > Graph.MAX_NODES) {
            throw Refused.of(
                    Refusal.Kind.CONFLICT,
                    "a picture shows at most " + Graph.MAX_NODES + " steps, not " + steps);
        }
    }

    private static Graph graph(Workflow workflow, IntFunction<String> state) {
        var nodes =
                IntStream.range(0, workflow.steps().size())
                        .mapToObj(
                                at -> {
                                    var step = workflow.steps().get(at);
                                    var kind = step.action().kind();
                                    return new Graph.Node(step.name(), kind, state.apply(at));
                                })
                        .toList();
        var edges = new ArrayList<Graph.Edge>();
        var befores = workflow.befores();
        for (int at = 0; at < befores.size(); at++) {
            for (int before : befores.get(at)) {
                edges.add(new Graph.Edge(before, at));
            }
        }
        return new Graph(nodes, edges);
    }
}
