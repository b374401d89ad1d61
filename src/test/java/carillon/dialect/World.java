package carillon.dialect;

import carillon.ai.AdministratorModels;
import carillon.ai.Endpoint;
import carillon.ai.Provider;
import carillon.api.NativeApi;
import carillon.api.TaskRules;
import carillon.batch.Batches;
import carillon.budget.Budgets;
import carillon.courier.WebhookCourier;
import carillon.dialect.a1base.A1BaseApi;
import carillon.dialect.chronos.ChronosApi;
import carillon.dialect.chronos.ChronosStamp;
import carillon.dialect.gptrunner.GptRunnerApi;
import carillon.egress.AllowList;
import carillon.egress.Egress;
import carillon.egress.EgressSettings;
import carillon.engine.Clockwork;
import carillon.engine.Engine;
import carillon.engine.Means;
import carillon.engine.Pruner;
import carillon.json.SettingsJson;
import carillon.json.TaskJson;
import carillon.oneshot.OneShots;
import carillon.perform.HttpPerformer;
import carillon.perform.Performers;
import carillon.perform.PromptPerformer;
import carillon.perform.Stamp;
import carillon.processor.Processors;
import carillon.run.Endings;
import carillon.run.Ledgers;
import carillon.run.Runs;
import carillon.secret.Seal;
import carillon.store.StoreException;
import carillon.store.StoreSettings;
import carillon.store.Stores;
import carillon.task.TaskLists;
import carillon.task.Tasks;
import carillon.web.Authenticator;
import carillon.web.Authenticators;
import carillon.web.Permission;
import carillon.web.Principal;
import carillon.web.Refusal;
import carillon.web.WebServer;
import carillon.web.WebSettings;
import carillon.webhook.Webhooks;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneId;
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
    private static final String NODE = "node-1";
    private static final InstantSource TIME = InstantSource.system();
    private static final TaskLists LISTS =
            new TaskLists(
                    Map.of(
                            ChronosApi.NAME, ChronosApi.LIST,
                            A1BaseApi.NAME, A1BaseApi.LIST,
                            GptRunnerApi.NAME, GptRunnerApi.LIST,
                            GptRunnerApi.SCHEDULED, GptRunnerApi.SCHEDULED_LIST));

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
    private volatile Duration ahead = Duration.ZERO;
    private boolean isLost;

    public World(Path folder) throws IOException {
        this(folder, WebSettings.loopback(), Optional.empty());
    }

    public World(Path folder, WebSettings settings, Optional<Authenticator> users)
            throws IOException {
        receiver = new Receiver();
        stores = Stores.open(new StoreSettings.Sqlite(folder), TaskJson.codec(), LISTS, TIME);
        var endings = new Endings();
        engine = newEngine(endings);
        engine.start();
        tasks = new Tasks(stores.tasks(), engine.planning(), TIME);
        var runs =
                new Runs(
                        stores.tasks(),
                        stores.runs(),
                        stores.leases(),
                        engine.intake(),
                        endings,
                        () -> TIME.instant().plus(ahead));
        var nodes = stores.nodes();
        var nativeApi =
                new NativeApi.Parts(
                        tasks,
                        runs,
                        new Ledgers(stores.tasks(), stores.runs(), TIME),
                        stores.events(),
                        nodes,
                        engine::isReady,
                        ZoneId.of("UTC"),
                        TIME);
        web =
                new WebServer(
                        settings,
                        List.of(
                                new NativeApi(
                                        nativeApi,
                                        new Budgets(stores.budgets(), TIME),
                                        new TaskRules(
                                                new Processors(
                                                        stores.processors(SettingsJson.codec()),
                                                        false,
                                                        TIME),
                                                Optional.empty()),
                                        List.of(),
                                        stores.requests()),
                                new ChronosApi(tasks, runs, nodes, NODE, TIME),
                                new A1BaseApi(tasks, runs, TIME),
                                gptRunner(runs)),
                        new Authenticators(World::key, users),
                        World::failure,
                        TIME);
        web.start();
    }

    private GptRunnerApi gptRunner(Runs runs) {
        var oneShots =
                new OneShots(
                        stores.oneShots(), stores.tasks(), stores.leases(), engine.intake(), TIME);
        return new GptRunnerApi(
                new GptRunnerApi.Parts(
                        tasks,
                        runs,
                        oneShots,
                        granted(),
                        new GptRunnerApi.Counts(stores.ends(), stores.responses()),
                        new GptRunnerApi.Node("test", TIME.instant(), ZoneId.of("UTC"), gauges()),
                        new GptRunnerApi.Batching(batches(runs), Optional.empty()),
                        TIME),
                webhooks());
    }

    private Webhooks webhooks() {
        var store = stores.webhooks(Seal.NONE);
        var courier = new WebhookCourier(store, egress, TIME);
        var tools =
                new Webhooks.Tools(
                        NODE, courier, stores.deliveries(), RandomGenerator.getDefault());
        return new Webhooks(store, stores.events(), tools, TIME);
    }

    private Batches batches(Runs runs) {
        return new Batches(
                tasks,
                runs,
                stores.oneShots()::newestRuns,
                stores.batches(),
                engine.intake(),
                TIME);
    }

    private GptRunnerApi.Gauges gauges() {
        return new GptRunnerApi.Gauges(
                engine::isReady, () -> 0.5, () -> web.connections(), stores::connections);
    }

    /// Models whose names begin with `gpt` are known; only the built-in one answers.
    private static AdministratorModels granted() {
        var nowhere =
                new Endpoint(
                        URI.create("http://127.0.0.1:9/v1"),
                        Optional.empty(),
                        Endpoint.Source.ADMINISTRATOR);
        return new AdministratorModels(
                List.of(new AdministratorModels.Grant(Provider.OPENAI, "gpt", nowhere)));
    }

    private Engine newEngine(Endings endings) {
        var parts =
                new Engine.Stores(
                        stores.slots(),
                        stores.leases(),
                        stores.runs(),
                        stores.events(),
                        stores.nodes());
        var stamps = Map.<String, Stamp>of("chronos", new ChronosStamp());
        var means =
                new Means(
                        new Performers(
                                new HttpPerformer(egress, TIME, stamps),
                                PromptPerformer.echoing(TIME)),
                        Executors.newVirtualThreadPerTaskExecutor(),
                        TIME,
                        RandomGenerator.getDefault());
        var retention = new Pruner.Retention(Duration.ofDays(30), 1_000);
        return new Engine(
                new Clockwork(NODE, parts, Engine.Limits.DEFAULT, retention, means, endings), TIME);
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
        return client(web.port(), "/chronos");
    }

    public Client a1base() {
        return client(web.port(), "/a1base").withKey("edit");
    }

    public Client gptRunner() {
        return client(web.port(), "/gpt-task-runner").withKey("edit");
    }

    public Client nativeApi() {
        return client(web.port(), "/api/v1").withKey("edit");
    }

    /// The API on its own listener.
    public Client own(String api) {
        return client(web.portOf(api), "");
    }

    private Client client(int port, String prefix) {
        return new Client(http, "http://127.0.0.1:" + port + prefix, Optional.empty());
    }

    /// Those who wait for the end of a run believe from now on that so much more time has passed.
    public void hurry(Duration more) {
        ahead = more;
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
