package carillon.api;

import carillon.ai.AdministratorModels;
import carillon.ai.Echo;
import carillon.ai.Models;
import carillon.auth.KeyChain;
import carillon.auth.Keys;
import carillon.budget.Budgets;
import carillon.budget.Forecasts;
import carillon.budget.Treasury;
import carillon.engine.Clockwork;
import carillon.engine.Engine;
import carillon.engine.Means;
import carillon.engine.Pruner;
import carillon.idempotency.IdempotencyStore;
import carillon.json.Json;
import carillon.json.ModelJson;
import carillon.json.SettingsJson;
import carillon.json.TaskJson;
import carillon.perform.LikelyTexts;
import carillon.perform.MeteredChat;
import carillon.processor.Processors;
import carillon.prompt.Prompts;
import carillon.quota.Quotas;
import carillon.run.Endings;
import carillon.run.Lease;
import carillon.run.Ledgers;
import carillon.run.Outcome;
import carillon.run.Output;
import carillon.run.Runs;
import carillon.store.StoreSettings;
import carillon.store.Stores;
import carillon.task.RetryOn;
import carillon.task.TaskLists;
import carillon.task.TaskQuery;
import carillon.task.Tasks;
import carillon.web.Authenticators;
import carillon.web.Permission;
import carillon.web.Principal;
import carillon.web.Route;
import carillon.web.WebServer;
import carillon.web.WebSettings;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/// The native API over real HTTP, with the real store and the real engine. Only what an attempt
/// does is made up here: a task named `hang` runs until it is interrupted, one named `fail` fails.
final class NativeServer {
    private final HttpClient client = HttpClient.newHttpClient();
    final Stores stores;
    private final Engine engine;
    private final WebServer web;
    final Tasks tasks;
    final NativeApi api;
    final Keys keys;
    final IdempotencyStore requests;

    NativeServer(Path directory) {
        this(directory, InstantSource.system());
    }

    /// `apiTime` is the time that the API sees.
    NativeServer(Path directory, InstantSource apiTime) {
        var time = InstantSource.system();
        stores = open(directory, time);
        var endings = new Endings();
        Executor threads = work -> Thread.startVirtualThread(work);
        engine =
                new Engine(
                        new Clockwork(
                                "here",
                                new Engine.Stores(
                                        stores.slots(),
                                        stores.leases(),
                                        stores.runs(),
                                        stores.events(),
                                        stores.nodes()),
                                Engine.Limits.DEFAULT,
                                new Pruner.Retention(Duration.ofDays(30), 1_000),
                                new Means(
                                        NativeServer::perform,
                                        threads,
                                        time,
                                        RandomGenerator.getDefault()),
                                endings),
                        time);
        tasks = new Tasks(stores.tasks(), engine.planning(), time);
        var runs =
                new Runs(
                        stores.tasks(),
                        stores.runs(),
                        stores.leases(),
                        engine.intake(),
                        endings,
                        time);
        requests = stores.requests();
        keys = new Keys(stores.keys(), new SecureRandom(), time);
        var parts =
                new NativeApi.Parts(
                        tasks,
                        runs,
                        new Ledgers(stores.tasks(), stores.runs(), time),
                        stores.events(),
                        stores.nodes(),
                        engine::isReady,
                        ZoneOffset.UTC,
                        apiTime);
        var budgets = new Budgets(stores.budgets(), time);
        var rules = new TaskRules(processors(stores, time), Optional.empty());
        api = new NativeApi(parts, budgets, rules, routes(keys, stores, time), requests);
        web = web(time);
        engine.start();
        web.start();
    }

    private WebServer web(InstantSource time) {
        var keyChain = new KeyChain(List.of(NativeServer::key, keys));
        return new WebServer(
                WebSettings.loopback(),
                List.of(api),
                new Authenticators(keyChain, Optional.empty()),
                _ -> Optional.empty(),
                time);
    }

    private static Stores open(Path directory, InstantSource time) {
        var settings = new StoreSettings.Sqlite(directory);
        return Stores.open(settings, TaskJson.codec(), TaskLists.NONE, time);
    }

    /// Without a folder for files.
    private static Processors processors(Stores stores, InstantSource time) {
        return new Processors(stores.processors(SettingsJson.codec()), false, time);
    }

    /// Models of all providers, each of which repeats the question.
    private static List<Route> routes(Keys keys, Stores stores, InstantSource time) {
        var models = new Models(AdministratorModels.NONE, stores.models(ModelJson.codec()), time);
        var quotas = new Quotas(stores.quotas(), time);
        var chat = new MeteredChat((model, text, _) -> Echo.answer(model, text.text()), quotas);
        var budgets = new Budgets(stores.budgets(), time);
        var treasury = new Treasury(budgets, stores.budgets(), stores.tasks(), time);
        var trial = new ModelTrial(models, chat.atOnce(), treasury, time);
        var prompts = new Prompts(stores.prompts(), time);
        var promptTrial = new PromptTrial(prompts, ZoneOffset.UTC, time, trial);
        return Stream.of(
                        new KeyRoutes(keys, Set.of("native", "chronos"), time).routes(),
                        new ModelRoutes(models, trial).routes(),
                        new QuotaRoutes(models, quotas, time).routes(),
                        new PromptRoutes(prompts, promptTrial).routes(),
                        new ProcessorRoutes(processors(stores, time)).routes(),
                        budgetRoutes(budgets, models, stores, time))
                .flatMap(List::stream)
                .toList();
    }

    private static List<Route> budgetRoutes(
            Budgets budgets, Models models, Stores stores, InstantSource time) {
        var prompts = new Prompts(stores.prompts(), time);
        var texts = new LikelyTexts(prompts, ZoneOffset.UTC, time);
        var known = new Forecasts.Knowledge(stores.pastCosts(), texts);
        var forecasts = new Forecasts(budgets, stores.tasks(), models, known, time);
        return Stream.of(
                        new BudgetRoutes(budgets, ZoneOffset.UTC).routes(),
                        new ForecastRoutes(forecasts, ZoneOffset.UTC, time).routes())
                .flatMap(List::stream)
                .toList();
    }

    /// A key is the name of the permission that it stands for.
    private static Optional<Principal> key(String credential) {
        for (var permission : Permission.values()) {
            if (permission.name().toLowerCase(Locale.ROOT).equals(credential)) {
                return Optional.of(new Principal(credential, permission));
            }
        }
        return Optional.empty();
    }

    private static Outcome perform(Lease lease) throws InterruptedException {
        switch (lease.definition().name()) {
            case "hang" -> new CountDownLatch(1).await();
            case "fail" -> {
                return Outcome.Failed.of("HTTP 500", RetryOn.OTHER);
            }
            default -> {}
        }
        return new Outcome.Succeeded(new Output(OptionalInt.of(200), "text/plain", "done", false));
    }

    int port() {
        return web.port();
    }

    long taskCount() {
        return tasks.count(TaskQuery.newest(1));
    }

    /// An answer, its body read as JSON.
    record Got(int status, JsonNode body, HttpResponse<String> raw) {
        String header(String name) {
            return raw.headers().firstValue(name).orElse("");
        }
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
                .header("Authorization", "Bearer administer");
    }

    /// Every answer must be one that the API's document tells of.
    Got send(HttpRequest.Builder request) throws IOException, InterruptedException {
        var answer = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        ApiDocument.shared().check(answer);
        return new Got(answer.statusCode(), Json.read(answer.body()), answer);
    }

    Got get(String path) throws IOException, InterruptedException {
        return send(request(path));
    }

    Got post(String path, String body) throws IOException, InterruptedException {
        return send(request(path).POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    Got put(String path, String body, String... headers) throws IOException, InterruptedException {
        var request = request(path).PUT(HttpRequest.BodyPublishers.ofString(body));
        return send(headers.length == 0 ? request : request.headers(headers));
    }

    Got delete(String path) throws IOException, InterruptedException {
        return send(request(path).DELETE());
    }

    /// Makes a task that does nothing; returns its path.
    String task(String name, String more) throws IOException, InterruptedException {
        var body = "{\"name\":\"%s\",\"action\":{\"nothing\":{}}%s}".formatted(name, more);
        var made = post("/api/v1/tasks", body);
        if (made.status() != 201) {
            throw new IllegalStateException(made.raw().body());
        }
        return made.header("Location");
    }

    void close() throws InterruptedException {
        web.stop(Duration.ofSeconds(5));
        engine.close();
        stores.close();
    }
}
