package carillon.perform;

import static org.assertj.core.api.Assertions.assertThat;

import carillon.Server;
import carillon.action.PromptCall;
import carillon.ai.AdministratorModels;
import carillon.ai.AdministratorModels.Grant;
import carillon.ai.Endpoint;
import carillon.ai.Provider;
import carillon.egress.AllowList;
import carillon.egress.EgressSettings;
import carillon.json.Json;
import carillon.perform.ChatServer.Told;
import carillon.run.Run;
import carillon.run.RunState;
import carillon.run.Trigger;
import carillon.store.StoreSettings;
import carillon.store.TestPostgres;
import carillon.task.Policies;
import carillon.task.TaskDefinition;
import carillon.task.Tasks;
import carillon.web.WebSettings;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Whole servers whose models have quotas.
@Timeout(300)
final class QuotaServerTest {
    private static final String ANSWER =
            """
            {"id":"c1","object":"chat.completion","created":1,"model":"gpt-x",
             "choices":[{"index":0,"finish_reason":"stop",
               "message":{"role":"assistant","content":"Done"}}],
             "usage":{"prompt_tokens":12,"completion_tokens":5,"total_tokens":17}}
            """;
    private static final Told TOO_MANY =
            new Told(
                    429, Map.of("retry-after-ms", "20"), "{\"error\":{\"message\":\"Slow down\"}}");

    @TempDir private Path folder;
    private final List<Server> servers = new ArrayList<>();
    private final HttpClient client = HttpClient.newHttpClient();
    private String key = "";

    @AfterEach
    void stop() {
        servers.forEach(Server::close);
        client.close();
    }

    private Server start(StoreSettings store, URI models) {
        var allow = AllowList.of(List.of("127.0.0.1"));
        var egress = new EgressSettings(allow, Set.of(), 100, "Carillon test");
        var endpoint =
                new Endpoint(models, Optional.of("sk-hidden"), Endpoint.Source.ADMINISTRATOR);
        var granted = new AdministratorModels(List.of(new Grant(Provider.OPENAI, "gpt", endpoint)));
        var plan =
                new Server.Plan(
                        folder,
                        store,
                        WebSettings.loopback(),
                        new Server.Reach(egress, granted),
                        Map.of(),
                        "node-" + servers.size(),
                        ZoneOffset.UTC,
                        Server.Work.DEFAULT);
        var server = Server.start(plan, InstantSource.system());
        server.freshKey().filter(_ -> servers.isEmpty()).ifPresent(fresh -> key = fresh);
        servers.add(server);
        return server;
    }

    private JsonNode send(String method, String path, String body)
            throws IOException, InterruptedException {
        var url = "http://127.0.0.1:" + servers.getFirst().port() + "/api/v1" + path;
        var request =
                HttpRequest.newBuilder(URI.create(url))
                        .header("Authorization", "Bearer " + key)
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build();
        var answer = client.send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isLessThan(300);
        assertThat(answer.body()).doesNotContain("sk-hidden");
        return Json.read(answer.body());
    }

    /// Starts so many runs, the servers in turn.
    private List<Run> start(int count, String model) {
        var runs = new ArrayList<Run>();
        for (int i = 0; i < count; i++) {
            var server = servers.get(i % servers.size()).useCases();
            var definition =
                    new TaskDefinition(
                            "ask " + i,
                            "",
                            Optional.empty(),
                            PromptCall.of(model, "Question " + i),
                            Policies.DEFAULT,
                            Map.of());
            var wanted =
                    new Tasks.NewTask(server.tasks().newId(), "native", definition, false, "test");
            var task = ((Tasks.Created.Done) server.tasks().create(wanted)).task();
            runs.add(server.runs().trigger(task.id(), Trigger.MANUAL).orElseThrow());
        }
        return runs;
    }

    private List<Run> awaitEnds(List<Run> runs) {
        var all = servers.getFirst().useCases().runs();
        Awaitility.await()
                .atMost(Duration.ofMinutes(4))
                .until(
                        () ->
                                runs.stream()
                                        .map(run -> all.find(run.id()).orElseThrow())
                                        .allMatch(run -> run.state().isFinal()));
        return runs.stream().map(run -> all.find(run.id()).orElseThrow()).toList();
    }

    private static void assertDoneAtTheFirstAttempt(List<Run> runs) {
        assertThat(runs)
                .allSatisfy(
                        run -> {
                            assertThat(run.state())
                                    .as(run.progress().reason())
                                    .isEqualTo(RunState.SUCCEEDED);
                            assertThat(run.progress().attemptsUsed()).isEqualTo(1);
                            assertThat(run.progress().attemptsAllowed()).isEqualTo(1);
                        });
    }

    @Test
    void a_storm_of_refusals_ends_with_every_run_done_at_its_first_attempt() throws Exception {
        var asked = new AtomicInteger();
        try (var models =
                new ChatServer(
                        _ -> asked.incrementAndGet() % 4 == 0 ? Told.ok(ANSWER) : TOO_MANY)) {
            start(new StoreSettings.Sqlite(folder), models.url());
            var runs = start(100, "gpt-x");
            assertDoneAtTheFirstAttempt(awaitEnds(runs));
            assertThat(asked.get()).isBetween(397, 620); // A hundred of them could be in flight.
            var quota = send("GET", "/models/gpt-x/quota", "");
            assertThat(quota.path("waiting").asInt()).isZero();
        }
    }

    @Test
    void a_run_that_waits_says_until_when_and_goes_on_then() throws Exception {
        var headers = Map.of("Retry-After", "3600");
        var refusing = new AtomicInteger();
        try (var models =
                new ChatServer(
                        _ ->
                                refusing.getAndIncrement() == 0
                                        ? new Told(429, headers, "{}")
                                        : Told.ok(ANSWER))) {
            start(new StoreSettings.Sqlite(folder), models.url());
            var runs = start(1, "gpt-x");
            var first = runs.getFirst();
            Awaitility.await()
                    .until(
                            () ->
                                    send("GET", "/runs/" + first.id(), "")
                                            .path("reason")
                                            .asText()
                                            .startsWith("waiting for quota until "));
            var shown = send("GET", "/runs/" + first.id(), "");
            assertThat(shown.path("state").asText()).isEqualToIgnoringCase("queued");
            var more = start(3, "gpt-x");
            Awaitility.await()
                    .until(
                            () ->
                                    send("GET", "/models/gpt-x/quota", "").path("waiting").asInt()
                                            == 4);
            assertThat(models.count()).isEqualTo(1); // Nobody asks in vain.
            var tried = send("POST", "/models/gpt-x/test", "{\"text\":\"now?\"}");
            assertThat(tried.path("error").asText()).startsWith("waiting for quota until ");
            assertThat(send("GET", "/models/gpt-x/quota", "").path("paused_until").asText())
                    .isNotEmpty();
            runs.forEach(run -> cancel(run));
            more.forEach(run -> cancel(run));
        }
    }

    private void cancel(Run run) {
        servers.getFirst().useCases().runs().cancel(run.id(), "enough");
    }

    @Test
    void two_nodes_share_the_calls_that_may_be_made_at_the_same_time() throws Exception {
        var inFlight = new AtomicInteger();
        var most = new AtomicInteger();
        try (var models =
                new ChatServer(
                        _ -> {
                            most.accumulateAndGet(inFlight.incrementAndGet(), Math::max);
                            pause();
                            inFlight.decrementAndGet();
                            return Told.ok(ANSWER);
                        })) {
            var store = TestPostgres.newDatabase();
            start(store, models.url());
            start(store, models.url());
            send(
                    "POST",
                    "/models",
                    """
                    {"name":"few","provider":"openai","model":"gpt-y","base_url":"%s",
                     "api_key":"sk-hidden","quotas":{"concurrent":3}}
                    """
                            .formatted(models.url()));
            assertDoneAtTheFirstAttempt(awaitEnds(start(60, "few")));
            assertThat(most.get()).isEqualTo(3);
            assertThat(models.count()).isEqualTo(60);
        }
    }

    private static void pause() {
        try {
            new CountDownLatch(1).await(30, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void a_limit_that_the_provider_names_is_kept() throws Exception {
        var headers =
                Map.of(
                        "x-ratelimit-limit-requests", "1000",
                        "x-ratelimit-remaining-requests", "0",
                        "x-ratelimit-reset-requests", "1.2s");
        var times = new ConcurrentLinkedQueue<Long>();
        try (var models =
                new ChatServer(
                        _ -> {
                            times.add(System.nanoTime());
                            return new Told(200, headers, ANSWER);
                        })) {
            start(new StoreSettings.Sqlite(folder), models.url());
            awaitEnds(start(1, "gpt-x"));
            assertDoneAtTheFirstAttempt(awaitEnds(start(2, "gpt-x")));
            var at = List.copyOf(times);
            assertThat(at.get(1) - at.get(0)).isGreaterThan(1_100_000_000L);
            var quota = send("GET", "/models/gpt-x/quota", "");
            assertThat(quota.at("/learned/requests_per_minute").asInt()).isEqualTo(1_000);
            assertThat(quota.at("/remaining/requests/count").asInt()).isZero();
        }
    }
}
