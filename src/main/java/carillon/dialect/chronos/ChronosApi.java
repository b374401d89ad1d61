package carillon.dialect.chronos;

import carillon.cluster.NodeStore;
import carillon.dialect.Catalog;
import carillon.run.Runs;
import carillon.task.TaskLists;
import carillon.task.Tasks;
import carillon.web.Answer;
import carillon.web.Api;
import carillon.web.Refusal;
import carillon.web.Route;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;

/// The Chronos API under `/chronos`.
public final class ChronosApi implements Api {
    /// As in `origin` of the tasks that it makes.
    public static final String NAME = "chronos";

    /// Its list of tasks, called by its name.
    public static final TaskLists.Rule LIST = new TaskLists.Rule(1, CronForm::fits);

    private final List<Route> routes;

    /// `node` is the name of this node among `nodes`.
    public ChronosApi(Tasks tasks, Runs runs, NodeStore nodes, String node, InstantSource time) {
        var jobs = new Catalog(tasks, NAME, CronForm::fits);
        this.routes =
                Stream.of(
                                new ServerRoutes(tasks, runs, jobs, nodes, node, time).routes(),
                                new JobRoutes(tasks, jobs, time).routes(),
                                new ExecutionRoutes(runs, jobs).routes(),
                                new VersionRoutes(tasks, jobs).routes())
                        .flatMap(List::stream)
                        .toList();
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String prefix() {
        return "/chronos";
    }

    @Override
    public List<Route> routes() {
        return routes;
    }

    @Override
    public Access access() {
        return Access.LOOPBACK_OR_USERS;
    }

    @Override
    public Answer refuse(Refusal refusal, String requestId) {
        return Envelope.refuse(refusal);
    }
}
