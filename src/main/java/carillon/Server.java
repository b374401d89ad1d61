package carillon;

import static java.util.Objects.requireNonNull;

import carillon.action.Workflow;
import carillon.agent.ToolServer;
import carillon.ai.AdministratorModels;
import carillon.api.AuditRoutes;
import carillon.api.BatchRoutes;
import carillon.api.FigureRoutes;
import carillon.api.GraphRoutes;
import carillon.api.HoldRoutes;
import carillon.api.KeyRoutes;
import carillon.api.MetricsRoute;
import carillon.api.NativeApi;
import carillon.api.WorkflowRoutes;
import carillon.audit.AuditTrail;
import carillon.auth.AdminKey;
import carillon.auth.KeyChain;
import carillon.auth.Keys;
import carillon.auth.SignIns;
import carillon.auth.Users;
import carillon.batch.Batches;
import carillon.console.ConsoleApi;
import carillon.demo.Demo;
import carillon.dialect.a1base.A1BaseApi;
import carillon.dialect.chronos.ChronosApi;
import carillon.dialect.chronos.ChronosStamp;
import carillon.dialect.crewai.CrewAiApi;
import carillon.dialect.gptrunner.GptRunnerApi;
import carillon.egress.Egress;
import carillon.egress.EgressSettings;
import carillon.engine.Clockwork;
import carillon.engine.Engine;
import carillon.engine.Means;
import carillon.engine.Pruner;
import carillon.event.DiskWatch;
import carillon.json.TaskJson;
import carillon.metrics.Metrics;
import carillon.oneshot.OneShots;
import carillon.perform.Conducting;
import carillon.perform.HttpPerformer;
import carillon.perform.Performers;
import carillon.perform.Stamp;
import carillon.perform.StepPerformer;
import carillon.run.Endings;
import carillon.run.Holds;
import carillon.run.Ledgers;
import carillon.run.Performer;
import carillon.run.Runs;
import carillon.run.Steps;
import carillon.secret.Vault;
import carillon.store.StoreException;
import carillon.store.StoreFullException;
import carillon.store.StoreSettings;
import carillon.store.Stores;
import carillon.task.TaskDefinition;
import carillon.task.TaskLists;
import carillon.task.Tasks;
import carillon.web.Api;
import carillon.web.Authenticator;
import carillon.web.Authenticators;
import carillon.web.Refusal;
import carillon.web.WebServer;
import carillon.web.WebSettings;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/// A whole server. Every object of it is made here, in the order in which they need each other.
public final class Server implements AutoCloseable {
    private static final Duration REQUESTS_PATIENCE = Duration.ofSeconds(3);
    private static final Duration BETWEEN_LOOKS_AT_CERTIFICATE = Duration.ofSeconds(10);

    /// Raise a rule's revision when an API learns to express more tasks, or fewer.
    private static final TaskLists LISTS =
            new TaskLists(
                    Map.of(
                            ChronosApi.NAME, ChronosApi.LIST,
                            A1BaseApi.NAME, A1BaseApi.LIST,
                            GptRunnerApi.NAME, GptRunnerApi.LIST,
                            CrewAiApi.NAME, CrewAiApi.LIST,
                            GptRunnerApi.SCHEDULED, GptRunnerApi.SCHEDULED_LIST,
                            Batches.LIST, new TaskLists.Rule(1, Batches::isOne),
                            GraphRoutes.LIST, new TaskLists.Rule(1, Server::isWorkflow)));

    private final Metrics metrics = new Metrics();
    private final Stores stores;
    private final Egress egress;
    private final Asking asking;
    private final ExecutorService attempts;
    private final Conducting conducting;
    private final Engine engine;
    private final Delivering delivering;
    private final WebServer web;
    private final Optional<String> freshKey;
    private final List<Api> apis;
    private final Demo.Surroundings useCases;
    private final Batches batches;
    private final Steps steps;

    /// The folder for what belongs to this node: the administrator's key, with SQLite the database,
    /// and, unless one is given, the key of the stored secrets.
    public record Home(Path folder, Optional<String> secretKey) {
        public Home {
            requireNonNull(folder, "folder");
            requireNonNull(secretKey, "secretKey");
        }

        /// Without the key.
        @Override
        public String toString() {
            return folder.toString();
        }
    }

    /// What a server is made from. `zone` is meant by schedules that name none.
    public record Plan(
            Home home,
            StoreSettings store,
            WebSettings web,
            Reach reach,
            Map<String, String> chronosUsers,
            String node,
            ZoneId zone,
            Work work) {
        public Plan {
            requireNonNull(home, "home");
            requireNonNull(store, "store");
            requireNonNull(web, "web");
            requireNonNull(reach, "reach");
            chronosUsers = Map.copyOf(chronosUsers);
            requireNonNull(node, "node");
            requireNonNull(zone, "zone");
            requireNonNull(work, "work");
        }

        /// Where the node writes.
        private List<Path> folders() {
            return Stream.concat(Stream.of(home.folder()), reach.files().stream()).toList();
        }

        /// With the key of the stored secrets in the folder.
        public Plan(
                Path folder,
                StoreSettings store,
                WebSettings web,
                Reach reach,
                Map<String, String> chronosUsers,
                String node,
                ZoneId zone,
                Work work) {
            this(
                    new Home(folder, Optional.empty()),
                    store,
                    web,
                    reach,
                    chronosUsers,
                    node,
                    zone,
                    work);
        }
    }

    /// What the server may call, the models that its administrator gives to everybody, the folder
    /// that tasks may write in, if there is one, and the servers of tools for agents.
    public record Reach(
            EgressSettings egress,
            AdministratorModels models,
            Optional<Path> files,
            List<ToolServer> toolServers) {
        public Reach {
            requireNonNull(egress, "egress");
            requireNonNull(models, "models");
            requireNonNull(files, "files");
            toolServers = List.copyOf(toolServers);
        }

        /// Without servers of tools.
        public Reach(EgressSettings egress, AdministratorModels models, Optional<Path> files) {
            this(egress, models, files, List.of());
        }

        /// Without a folder.
        public Reach(EgressSettings egress, AdministratorModels models) {
            this(egress, models, Optional.empty());
        }

        /// Without models but the built-in one, and without a folder.
        public static Reach of(EgressSettings egress) {
            return new Reach(egress, AdministratorModels.NONE);
        }
    }

    /// How much the node takes on, and how long it remembers.
    public record Work(Engine.Limits limits, Pruner.Retention retention) {
        public static final Work DEFAULT =
                new Work(Engine.Limits.DEFAULT, Pruner.Retention.DEFAULT);

        public Work {
            requireNonNull(limits, "limits");
            requireNonNull(retention, "retention");
        }
    }

    private Server(Plan plan, InstantSource time) {
        var dice = new SecureRandom();
        var home = plan.home();
        var vault = new Vault(home.folder().resolve("secret.key"), home.secretKey(), dice);
        stores = Stores.open(plan.store(), TaskJson.codec(vault), LISTS, vault::unlock, time);
        var adminKey = AdminKey.open(home.folder().resolve("admin.key"), dice);
        freshKey = adminKey.fresh();

        egress = Egress.open(plan.reach().egress());
        asking = new Asking(plan, stores, vault, egress, time);
        attempts = Executors.newVirtualThreadPerTaskExecutor();
        var endings = new Endings();
        conducting = conducting(endings, time);
        var means = new Means(performer(time), attempts, time, dice);
        engine =
                new Engine(
                        new Clockwork(
                                plan.node(),
                                engineStores(),
                                plan.work().limits(),
                                plan.work().retention(),
                                means,
                                endings),
                        time);

        var agreed = engine.agreedTime();
        var tasks = new Tasks(stores.tasks(), engine.planning(), agreed);
        var runs = runs(endings, agreed);
        asking.connect(runs);
        var ledgers = new Ledgers(stores.tasks(), stores.runs(), time);
        useCases = new Demo.Surroundings(tasks, runs, ledgers, stores.events());

        steps = steps(endings, agreed);
        batches =
                new Batches(
                        tasks,
                        runs,
                        stores.oneShots()::newestRuns,
                        stores.batches(),
                        engine.intake(),
                        agreed);
        delivering = new Delivering(plan, stores, vault, egress, time, dice);
        var keys = new Keys(stores.keys(), dice, time);
        var signIns = new SignIns(stores.signIns(), List.of(adminKey.key(), keys), dice, time);
        addHousekeeping(plan, keys, signIns);
        var parts = nativeParts(plan.zone(), time);
        var chronos = new ChronosApi(tasks, runs, stores.nodes(), plan.node(), agreed);
        var gptRunner = gptRunner(plan.zone(), plan.reach().files(), agreed);
        var a1base = new A1BaseApi(tasks, runs, agreed);
        var crewAi = asking.crewAi(tasks, runs, steps, batches);
        apis = withOurs(parts, keys, signIns, List.of(chronos, a1base, gptRunner, crewAi));
        engine.add("sockets", crewAi::tell);
        var chain = new KeyChain(List.of(adminKey.key(), keys));
        var authenticators = new Authenticators(chain, users(plan, dice), signIns);
        var watch = metrics.watch();
        web = new WebServer(plan.web(), apis, authenticators, Server::refusal, time, watch);
        engine.add("certificate", this::lookAtCertificate);
    }

    private Instant lookAtCertificate(Instant now) {
        web.reloadCertificate();
        return now.plus(BETWEEN_LOOKS_AT_CERTIFICATE);
    }

    private static boolean isWorkflow(TaskDefinition definition) {
        return definition.action() instanceof Workflow;
    }

    private Runs runs(Endings endings, InstantSource time) {
        return new Runs(
                stores.tasks(), stores.runs(), stores.leases(), engine.intake(), endings, time);
    }

    private Steps steps(Endings endings, InstantSource time) {
        return new Steps(
                stores.tasks(),
                stores.runs(),
                stores.families(),
                stores.runEvents(),
                endings,
                time);
    }

    private Conducting conducting(Endings endings, InstantSource time) {
        var kept =
                new Conducting.Stores(
                        stores.families(),
                        stores.leases(),
                        stores.runs(),
                        stores.tasks(),
                        stores.oneShots(),
                        stores.batches());
        return new Conducting(kept, endings, time);
    }

    private Performer performer(InstantSource time) {
        Map<String, Stamp> stamps = Map.of(ChronosApi.NAME, new ChronosStamp());
        var http = new HttpPerformer(egress, time, stamps);
        var performers =
                new Performers(
                        http,
                        asking.performer(),
                        Optional.of(asking.agents()),
                        Optional.of(asking.tools()),
                        asking.batches(),
                        Optional.of(conducting));
        return metrics.metered(
                new StepPerformer(performers, stores.runs(), stores.runEvents(), time), time);
    }

    private NativeApi.Parts nativeParts(ZoneId zone, InstantSource time) {
        return new NativeApi.Parts(
                useCases.tasks(),
                useCases.runs(),
                useCases.ledgers(),
                useCases.events(),
                stores.nodes(),
                engine::isReady,
                zone,
                time);
    }

    private ConsoleApi console(
            NativeApi.Parts parts, SignIns signIns, ConsoleApi.Administering administering) {
        return new ConsoleApi(
                new ConsoleApi.Parts(
                        parts.tasks(),
                        parts.runs(),
                        parts.ledgers(),
                        stores.tallies(),
                        parts.events(),
                        parts.nodes(),
                        signIns,
                        parts.time()),
                asking.past(stores.deliveries(), steps),
                asking.beside(batches, delivering.webhooks()),
                new ConsoleApi.Writing(parts.zone(), delivering.rules()::check),
                administering);
    }

    private GptRunnerApi gptRunner(ZoneId zone, Optional<Path> files, InstantSource time) {
        var oneShots =
                new OneShots(
                        stores.oneShots(), stores.tasks(), stores.leases(), engine.intake(), time);
        var gauges =
                new GptRunnerApi.Gauges(
                        engine::isReady, Machine::cpuUsage, this::connections, stores::connections);
        return new GptRunnerApi(
                new GptRunnerApi.Parts(
                        useCases.tasks(),
                        useCases.runs(),
                        oneShots,
                        asking.models(),
                        new GptRunnerApi.Counts(stores.ends(), stores.responses()),
                        new GptRunnerApi.Node(Version.TEXT, time.instant(), zone, gauges),
                        new GptRunnerApi.Batching(batches, files),
                        time),
                delivering.webhooks());
    }

    private int connections() {
        return web.connections();
    }

    private void addHousekeeping(Plan plan, Keys keys, SignIns signIns) {
        delivering.join(engine);
        asking.join(engine);
        conducting.connect(engine.intake());
        new Housekeeping(stores, keys, signIns, plan.work().retention().age()).join(engine);
        var disks = new DiskWatch(plan.node(), plan.folders(), stores.events());
        engine.add("disk", disks::look);
        Meters.add(metrics, engine, stores.figures(), disks);
    }

    /// The native API, the dialects and the console. A key's scopes can name each.
    private List<Api> withOurs(
            NativeApi.Parts parts, Keys keys, SignIns signIns, List<Api> dialects) {
        var names = new HashSet<>(Set.of(NativeApi.NAME, ConsoleApi.NAME));
        dialects.forEach(dialect -> names.add(dialect.name()));
        var trail = new AuditTrail(stores.audit());
        var routes = new ArrayList<>(asking.routes(parts));
        routes.addAll(delivering.routes(parts.runs()));
        routes.addAll(new KeyRoutes(keys, names, parts.time()).routes());
        routes.addAll(new AuditRoutes(trail).routes());
        routes.addAll(figureRoutes(parts).routes());
        routes.addAll(new HoldRoutes(holds(parts)).routes());
        routes.add(new MetricsRoute(metrics::text, Metrics.CONTENT_TYPE).route());
        var rules = delivering.rules();
        routes.addAll(new WorkflowRoutes(steps, parts.runs()).routes());
        routes.addAll(new GraphRoutes(parts.tasks(), parts.runs(), steps).routes());
        routes.addAll(new BatchRoutes(batches, rules, parts).routes());
        var natives = new NativeApi(parts, asking.budgets(), rules, routes, stores.requests());
        var all = new ArrayList<Api>(List.of(natives));
        all.addAll(dialects);
        all.add(console(parts, signIns, new ConsoleApi.Administering(keys, names, trail)));
        return all;
    }

    private Holds holds(NativeApi.Parts parts) {
        return new Holds(stores.hold(), stores.tasks(), stores.slots(), parts.runs(), parts.time());
    }

    private FigureRoutes figureRoutes(NativeApi.Parts parts) {
        return new FigureRoutes(stores.tallies(), stores.ends(), parts.runs(), parts.time());
    }

    private Engine.Stores engineStores() {
        return new Engine.Stores(
                stores.slots(), stores.leases(), stores.runs(), stores.events(), stores.nodes());
    }

    private static Optional<Authenticator> users(Plan plan, SecureRandom dice) {
        return plan.chronosUsers().isEmpty()
                ? Optional.empty()
                : Optional.of(new Users(plan.chronosUsers(), dice));
    }

    /// What a failing store means to a caller.
    private static Optional<Refusal> refusal(RuntimeException failure) {
        return switch (failure) {
            case StoreFullException _ ->
                    Optional.of(
                            Refusal.of(
                                    Refusal.Kind.NO_SPACE, "The disk is full: nothing was stored"));
            case StoreException _ ->
                    Optional.of(Refusal.of(Refusal.Kind.STORE, "The store could not do it now"));
            default -> Optional.empty();
        };
    }

    /// Opens the store, joins the cluster, turns the clockwork and listens.
    public static Server start(Plan plan, InstantSource time) {
        var server = new Server(plan, time);
        try {
            server.engine.connect(server.stores.bulletin());
            server.engine.start();
            server.web.start();
            return server;
        } catch (RuntimeException e) {
            server.close();
            throw e;
        }
    }

    public int port() {
        return web.port();
    }

    /// The administrator's key, where it was made by this start; it is shown this once.
    public Optional<String> freshKey() {
        return freshKey;
    }

    /// What it serves, as the route table is made from.
    List<Api> apis() {
        return List.copyOf(apis);
    }

    public Demo.Surroundings useCases() {
        return useCases;
    }

    /// Takes no more requests and no more work, lets what is under way end, and stops.
    @Override
    public void close() {
        try {
            web.stop(REQUESTS_PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        asking.setAside();
        conducting.stop();
        engine.close();
        delivering.close();
        asking.giveBack();
        attempts.shutdownNow();
        asking.close(); // Says goodbye through egress.
        egress.close();
        stores.close();
        metrics.close();
    }
}
