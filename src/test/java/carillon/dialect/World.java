package carillon.dialect;

import carillon.dialect.a1base.A1BaseApi;
import carillon.dialect.chronos.ChronosApi;
import carillon.dialect.chronos.ChronosStamp;
import carillon.egress.AllowList;
import carillon.egress.Egress;
import carillon.egress.EgressSettings;
import carillon.engine.Clockwork;
import carillon.engine.Engine;
import carillon.engine.Means;
import carillon.engine.Pruner;
import carillon.json.TaskJson;
import carillon.perform.HttpPerformer;
import carillon.perform.Performers;
import carillon.run.Endings;
import carillon.run.Runs;
import carillon.store.StoreException;
import carillon.store.StoreSettings;
import carillon.store.Stores;
import carillon.task.Task;
import carillon.task.TaskDefinition;
import carillon.task.TaskId;
import carillon.task.Tasks;
import carillon.web.Authenticators;
import carillon.web.Permission;
import carillon.web.Principal;
import carillon.web.Refusal;
import carillon.web.WebServer;
import carillon.web.WebSettings;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/// A whole server with both dialects: the real boundary on a free port of loopback, the real engine
/// and an embedded database, and a webhook target.
public final class World implements AutoCloseable {
    private final HttpClient http = HttpClient.newHttpClient();
    private final Egress egress =
            Egress.open(
                    new EgressSettings(
                            AllowList.of(List.of("127.0.0.1")), Set.of(), 100, "Carillon test"));
    private final Stores stores;
    private final Engine engine;
    private final WebServer web;
    private final Tasks tasks;
    private final Receiver receiver;
    private boolean isLost;

    public World(Path folder) throws IOException {
        var time = InstantSource.system();
        receiver = new Receiver();
        stores = Stores.open(new StoreSettings.Sqlite(folder), TaskJson.codec(), time);
        var endings = new Endings();
        var parts =
                new Engine.Stores(
                        stores.slots(),
                        stores.leases(),
                        stores.runs(),
                        stores.events(),
                        stores.nodes());
        var means =
                new Means(
                        new Performers(
                                new HttpPerformer(
                                        egress, time, Map.of("chronos", new ChronosStamp()))),
                        Executors.newVirtualThreadPerTaskExecutor(),
                        time,
                        RandomGenerator.getDefault());
        var retention = new Pruner.Retention(Duration.ofDays(30), 1_000);
        engine =
                new Engine(
                        new Clockwork(
                                "node-1", parts, Engine.Limits.DEFAULT, retention, means, endings),
                        time);
        engine.start();
        tasks = new Tasks(stores.tasks(), engine.planning(), time);
        var runs =
                new Runs(
                        stores.tasks(),
                        stores.runs(),
                        stores.leases(),
                        engine.intake(),
                        endings,
                        time);
        web =
                new WebServer(
                        WebSettings.loopback(),
                        List.of(
                                new ChronosApi(tasks, runs, stores.nodes(), "node-1", time),
                                new A1BaseApi(tasks, runs, time)),
                        new Authenticators(World::key, Optional.empty()),
                        World::failure,
                        time);
        web.start();
    }

    /// The key of a permission is its name in lower case.
    private static Optional<Principal> key(String credential) {
        return Stream.of(Permission.values())
                .filter(each -> each.name().toLowerCase(Locale.ROOT).equals(credential))
                .map(each -> new Principal(credential, each))
                .findFirst();
    }

    private static Optional<Refusal> failure(RuntimeException failure) {
        return failure instanceof StoreException
                ? Optional.of(Refusal.of(Refusal.Kind.STORE, "the store cannot do it now"))
                : Optional.empty();
    }

    public Receiver receiver() {
        return receiver;
    }

    public Client chronos() {
        return new Client(http, "http://127.0.0.1:" + web.port() + "/chronos", Optional.empty());
    }

    public Client a1base() {
        return new Client(http, "http://127.0.0.1:" + web.port() + "/a1base", Optional.of("edit"));
    }

    /// Makes a task as the native API would.
    public Task nativeTask(TaskDefinition definition) {
        var wanted = new Tasks.NewTask(tasks.newId(), "native", definition, false, "ada");
        return ((Tasks.Created.Done) tasks.create(wanted)).task();
    }

    public Task task(long id) {
        return tasks.find(new TaskId(id)).orElseThrow();
    }

    /// The database is gone from now on; the rest stays.
    public void loseDatabase() {
        engine.close();
        stores.close();
        isLost = true;
    }

    @Override
    public void close() {
        receiver.close();
        try {
            web.stop(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
        if (!isLost) {
            loseDatabase();
        }
        egress.close();
    }
}
