package carillon.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import carillon.json.Json;
import carillon.store.TestPostgres;
import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Kills a server with -9 while 200 runs spend a dollar at a provider that counts what it charges.
@Timeout(180)
final class KillNineOneDollarTest {
    private static final int RUNS = 200;

    /// What an answer costs: 20 tokens of $500 a million. 23 are reserved.
    private static final BigDecimal CALL = new BigDecimal("0.01");

    /// How many calls have been charged when the server is killed.
    private static final int BEFORE_THE_KILL = 20;

    @TempDir private Path folder;
    private final HttpClient client = HttpClient.newHttpClient();
    private final AtomicInteger charged = new AtomicInteger();
    private final CountDownLatch midway = new CountDownLatch(BEFORE_THE_KILL);
    private HttpServer provider;
    private ServerProcess server;

    @BeforeEach
    void startProvider() throws IOException {
        provider =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 500);
        provider.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        provider.createContext("/", this::answer);
        provider.start();
    }

    private void start(String more) throws IOException, InterruptedException {
        var config = "max-running: 15\n" + more;
        server = ServerProcess.start(folder, freePort(), client, config);
    }

    @AfterEach
    void stop() throws InterruptedException {
        server.kill();
        provider.stop(0);
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /// Charges first, as providers do, and then takes its time.
    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            charged.incrementAndGet();
            midway.countDown();
            TimeUnit.MILLISECONDS.sleep(200);
            var body =
                    """
                    {"choices":[{"index":0,"finish_reason":"stop",
                       "message":{"role":"assistant","content":"Hi"}}],
                     "usage":{"prompt_tokens":18,"completion_tokens":2,"total_tokens":20}}
                    """
                            .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private JsonNode send(String method, String path, String body)
            throws IOException, InterruptedException {
        var request =
                HttpRequest.newBuilder(server.uri(path))
                        .header("Authorization", "Bearer " + server.key())
                        .timeout(Duration.ofSeconds(20))
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build();
        var answer = client.send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 299);
        return Json.read(answer.body());
    }

    private long makeTask() throws IOException, InterruptedException {
        var model =
                """
                {"name":"dear","provider":"openai","base_url":"http://127.0.0.1:%d/v1",
                 "prices":{"input":500,"output":500},"defaults":{"max_tokens":2}}
                """
                        .formatted(provider.getAddress().getPort());
        send("POST", "/api/v1/models", model);
        var task =
                """
                {"name":"spends","budget":{"limit":1,"period":"month"},
                 "action":{"prompt":{"model":"dear","text":"Hello"}}}
                """;
        return send("POST", "/api/v1/tasks", task).path("id").asLong();
    }

    @Test
    void a_dollar_is_spent_once() throws Exception {
        start("");
        spend(makeTask());
    }

    @Test
    void a_dollar_is_spent_once_on_postgresql() throws Exception {
        var database = TestPostgres.newDatabase();
        start("database: '" + database.url() + "'\ndatabase-user: " + database.user() + "\n");
        spend(makeTask());
    }

    private void spend(long task) throws Exception {
        var asking = new ArrayList<Thread>();
        var runs = Collections.synchronizedList(new ArrayList<Long>());
        for (int i = 0; i < RUNS; i++) {
            asking.add(Thread.startVirtualThread(() -> execute(task, runs)));
        }
        for (var thread : asking) {
            thread.join();
        }
        assertThat(runs).hasSize(RUNS);
        midway.await();
        server.kill();
        int before = charged.get();
        server.restart();
        await().atMost(Duration.ofSeconds(90))
                .pollInterval(Duration.ofMillis(500))
                .until(() -> open(task) == 0);

        var states = states(task);
        assertThat(states).hasSize(RUNS).containsOnly("SUCCEEDED", "SKIPPED");
        assertThat(states).contains("SKIPPED");
        assertThat(charged.get()).isGreaterThan(before);
        // Never more than the dollar and one call.
        var cost = CALL.multiply(BigDecimal.valueOf(charged.get()));
        assertThat(cost).isLessThanOrEqualTo(BigDecimal.ONE.add(CALL));
        var status = send("GET", "/api/v1/tasks/" + task, "").path("budget_status");
        assertThat(status.path("reserved").decimalValue()).isZero();
        // Nothing that was charged is missing from the books.
        assertThat(status.path("spent").decimalValue())
                .isGreaterThanOrEqualTo(cost)
                .isLessThanOrEqualTo(BigDecimal.ONE);
    }

    private void execute(long task, List<Long> runs) {
        try {
            runs.add(send("POST", "/api/v1/tasks/" + task + "/execute", "").path("id").asLong());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private long open(long task) throws IOException, InterruptedException {
        return states(task).stream()
                .filter(state -> state.equals("QUEUED") || state.equals("RUNNING"))
                .count();
    }

    private List<String> states(long task) throws IOException, InterruptedException {
        var states = new ArrayList<String>();
        var cursor = "";
        do {
            var path = "/api/v1/tasks/" + task + "/runs?limit=100" + cursor;
            var page = send("GET", path, "");
            page.path("data").forEach(run -> states.add(run.path("state").asText()));
            var next = page.path("next_cursor");
            cursor = next.isTextual() ? "&cursor=" + next.asText() : "";
        } while (!cursor.isEmpty());
        return states;
    }
}
