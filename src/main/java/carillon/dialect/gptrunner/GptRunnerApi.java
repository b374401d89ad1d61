package carillon.dialect.gptrunner;

import static java.util.Objects.requireNonNull;

import carillon.ai.ModelSource;
import carillon.batch.Batches;
import carillon.dialect.Catalog;
import carillon.oneshot.EndStore;
import carillon.oneshot.OneShots;
import carillon.response.ResponseStore;
import carillon.run.Runs;
import carillon.task.TaskLists;
import carillon.task.Tasks;
import carillon.web.Answer;
import carillon.web.Api;
import carillon.web.Refusal;
import carillon.web.Route;
import carillon.webhook.Webhooks;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleSupplier;
import java.util.function.IntSupplier;
import java.util.stream.Stream;

/// The API of GPT Task Runner under `/gpt-task-runner`.
public final class GptRunnerApi implements Api {
    /// As in `origin` of the tasks that it makes.
    public static final String NAME = "gpt-task-runner";

    /// Its list of one-shot tasks, called by its name.
    public static final TaskLists.Rule LIST = new TaskLists.Rule(1, TaskView::fits);

    /// The name of its list of scheduled tasks.
    public static final String SCHEDULED = NAME + ".scheduled";

    public static final TaskLists.Rule SCHEDULED_LIST = new TaskLists.Rule(2, ScheduledView::fits);

    static final String ROOT = "/api/v1";

    /// What it works on.
    public record Parts(
            Tasks tasks,
            Runs runs,
            OneShots oneShots,
            ModelSource models,
            Counts counts,
            Node node,
            Batching batching,
            InstantSource time) {
        public Parts {
            requireNonNull(batching, "batching");
            requireNonNull(tasks, "tasks");
            requireNonNull(runs, "runs");
            requireNonNull(oneShots, "oneShots");
            requireNonNull(models, "models");
            requireNonNull(counts, "counts");
            requireNonNull(node, "node");
            requireNonNull(time, "time");
        }
    }

    /// How files are answered, and the folder that they lie in, where there is one.
    public record Batching(Batches batches, Optional<Path> root) {
        public Batching {
            requireNonNull(batches, "batches");
            requireNonNull(root, "root");
        }
    }

    /// Where it reads its figures.
    public record Counts(EndStore ends, ResponseStore responses) {
        public Counts {
            requireNonNull(ends, "ends");
            requireNonNull(responses, "responses");
        }
    }

    /// What it tells of the node that answers. `zone` is meant by schedules that name none.
    public record Node(String version, Instant startedAt, ZoneId zone, Gauges gauges) {
        public Node {
            requireNonNull(version, "version");
            requireNonNull(startedAt, "startedAt");
            requireNonNull(zone, "zone");
            requireNonNull(gauges, "gauges");
        }
    }

    /// `cpuUsage` is from 0 to 1; `connections` are those of clients.
    public record Gauges(
            BooleanSupplier isReady,
            DoubleSupplier cpuUsage,
            IntSupplier connections,
            IntSupplier databaseConnections) {
        public Gauges {
            requireNonNull(isReady, "isReady");
            requireNonNull(cpuUsage, "cpuUsage");
            requireNonNull(connections, "connections");
            requireNonNull(databaseConnections, "databaseConnections");
        }
    }

    private final Envelope envelope;
    private final List<Route> routes;

    public GptRunnerApi(Parts parts, Webhooks webhooks) {
        envelope = new Envelope(parts.time());
        var catalog = new Catalog(parts.tasks(), NAME, TaskView::fits);
        routes =
                Stream.of(
                                new TaskRoutes(parts, catalog, envelope).routes(),
                                new BatchRoutes(parts, envelope).routes(),
                                new ScheduledRoutes(parts, envelope).routes(),
                                new WebhookRoutes(webhooks, envelope, parts.time()).routes(),
                                new MetricsRoutes(parts, envelope).routes(),
                                new StatusRoutes(parts, envelope).routes())
                        .flatMap(List::stream)
                        .toList();
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String prefix() {
        return "/gpt-task-runner";
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
        return envelope.refuse(refusal);
    }
}
