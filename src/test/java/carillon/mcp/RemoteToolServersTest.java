package carillon.mcp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import carillon.WholeServer;
import carillon.action.Nothing;
import carillon.action.Tool;
import carillon.agent.ToolServer;
import carillon.egress.AllowList;
import carillon.egress.Egress;
import carillon.egress.EgressSettings;
import carillon.json.Json;
import carillon.perform.ChatServer;
import carillon.perform.Leases;
import carillon.perform.Toolbox.Result;
import carillon.run.Lease;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Over HTTP: with a real server of tools from npm, and with some that are not in order.
@Timeout(300)
final class RemoteToolServersTest {
    private static final InstantSource TIME = InstantSource.system();
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Duration SHORT = Duration.ofSeconds(2);
    private static final Lease NOBODY =
            Leases.of(new Nothing(), 1, Duration.ofMinutes(1), "native");

    @TempDir private Path folder;
    private final Egress egress = egress(AllowList.of(List.of("127.0.0.1")));

    private static Egress egress(AllowList allow) {
        return Egress.open(new EgressSettings(allow, Set.of(), 50, "Carillon test"));
    }

    @AfterEach
    void closeEgress() {
        egress.close();
    }

    private ToolServers of(ToolServer server) {
        return new ToolServers(List.of(server), egress, TIME);
    }

    private static ToolServer at(String url) {
        return new ToolServer("far", new ToolServer.Way.Remote(URI.create(url)));
    }

    private static Result echo(ToolServers servers) throws InterruptedException {
        return servers.use("far__echo", Json.object().put("message", "hello"), NOBODY);
    }

    @Test
    void tools_are_found_and_used_and_their_faults_are_told() throws Exception {
        try (var npm = NpmServer.overHttp(folder, 0);
                var servers = of(npm.as("far"))) {
            assertThat(servers.tools()).extracting(Tool::name).contains("far__echo");
            assertThat(echo(servers)).isEqualTo(Result.of("Echo: hello"));
            assertThat(servers.use("far__echo", Json.object(), NOBODY).succeeded()).isFalse();
            assertThat(servers.use("far__no", Json.object(), NOBODY).succeeded()).isFalse();
            assertThat(echo(servers).succeeded()).isTrue();
            assertThat(npm.said().split("Session initialized", -1)).hasSize(2);
        }
    }

    @Test
    void a_task_uses_a_tool_of_a_server_far_away() throws Exception {
        try (var npm = NpmServer.overHttp(folder, 0);
                var server = WholeServer.start(folder.resolve("data"), List.of(npm.as("far")))) {
            var task =
                    server.post(
                            "/api/v1/tasks",
                            """
                            {"name":"say","action":{"tool":{"name":"far__echo",
                             "arguments":{"message":"carillon"}}}}
                            """);
            var begun = server.post("/api/v1/tasks/" + task.path("id") + "/execute", "");
            var run =
                    server.await(
                            "/api/v1/runs/" + begun.path("id"),
                            one -> !one.path("finished_at").isNull());
            assertThat(run.path("state").asText()).as(run.toString()).isEqualTo("SUCCEEDED");
            assertThat(run.at("/output/body").asText()).contains("Echo: carillon");
        }
    }

    @Test
    void a_server_that_is_down_is_told_and_tried_again_later() throws Exception {
        int port;
        try (var npm = NpmServer.overHttp(folder, 0)) {
            port = npm.port();
        }
        var later = new AtomicInteger();
        InstantSource time = () -> TIME.instant().plusSeconds(later.get());
        var server = at("http://127.0.0.1:" + port + "/mcp");
        try (var servers = new ToolServers(List.of(server), egress, time)) {
            assertThat(servers.tools()).isEmpty();
            assertThat(echo(servers).text())
                    .startsWith("the tool server far cannot be reached now: it cannot be spoken");
            try (var _ = NpmServer.overHttp(folder, port)) {
                later.set(60);
                assertThat(echo(servers)).isEqualTo(Result.of("Echo: hello"));
            }
        }
    }

    @Test
    void a_server_that_was_started_anew_is_greeted_anew_and_nobody_notices() throws Exception {
        int port;
        try (var servers = closing(NpmServer.overHttp(folder, 0))) {
            port = servers.npm.port();
            assertThat(echo(servers.tools).succeeded()).isTrue();
            servers.npm.close();
            try (var _ = NpmServer.overHttp(folder, port)) {
                assertThat(echo(servers.tools)).isEqualTo(Result.of("Echo: hello"));
            }
        }
    }

    private Both closing(NpmServer npm) {
        return new Both(npm, of(npm.as("far")));
    }

    private record Both(NpmServer npm, ToolServers tools) implements AutoCloseable {
        @Override
        public void close() {
            tools.close();
            npm.close();
        }
    }

    @Test
    void a_server_that_dies_in_the_middle_of_a_call_is_a_failure_that_is_told() throws Exception {
        try (var both = closing(NpmServer.overHttp(folder, 0))) {
            assertThat(echo(both.tools).succeeded()).isTrue();
            int before = posts(both.npm);
            var tenMinutes = Json.object().put("duration", 600).put("steps", 2);
            var call = CompletableFuture.supplyAsync(() -> use(both.tools, tenMinutes));
            await().atMost(LONG).until(() -> posts(both.npm) > before);
            both.npm.close();
            var died = call.get(60, TimeUnit.SECONDS);
            assertThat(died.succeeded()).isFalse();
            assertThat(died.text()).startsWith("the tool server far cannot be spoken to");
        }
    }

    private static Result use(ToolServers servers, ObjectNode arguments) {
        try {
            return servers.use("far__trigger-long-running-operation", arguments, NOBODY);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static int posts(NpmServer npm) throws IOException {
        return npm.said().split("Received MCP POST", -1).length;
    }

    @Test
    void loopback_is_not_called_unless_it_is_allowed() throws Exception {
        try (var npm = NpmServer.overHttp(folder, 0);
                var closed = egress(AllowList.EMPTY);
                var servers = new ToolServers(List.of(npm.as("far")), closed, TIME)) {
            assertThat(servers.tools()).isEmpty();
            assertThat(echo(servers).text()).contains("it may not be called", "127.0.0.1");
            assertThat(npm.said()).doesNotContain("Received");
        }
    }

    @Test
    void redirections_are_not_followed() throws Exception {
        try (var npm = NpmServer.overHttp(folder, 0);
                var other =
                        new ChatServer(
                                new ChatServer.Told(
                                        307,
                                        Map.of("Location", "http://127.0.0.1:" + npm.port()),
                                        ""));
                var servers = of(at(other.url() + "/mcp"))) {
            assertThat(echo(servers).text()).contains("it answered 307");
            assertThat(npm.said()).doesNotContain("Received");
        }
    }

    @Test
    void what_is_no_message_is_a_failure_that_is_told() throws Exception {
        var html = new ChatServer.Told(200, Map.of("Content-Type", "text/html"), "<html>");
        assertThat(saidOf(html)).contains("no message of the protocol");
        assertThat(saidOf(ChatServer.Told.ok("[[[["))).contains("no message of the protocol");
        var stranger = "{\"jsonrpc\":\"2.0\",\"id\":\"strange\",\"result\":{}}";
        assertThat(saidOf(ChatServer.Told.ok(stranger))).contains("no message of the protocol");
        assertThat(saidOf(ChatServer.Told.events("data: <html>\n\n")))
                .contains("no message of the protocol");
        assertThat(saidOf(ChatServer.Told.events(": nothing\n\n"))).contains("ended its answer");
        assertThat(saidOf(ChatServer.Told.ok(""))).contains("ended its answer");
        assertThat(saidOf(new ChatServer.Told(500, Map.of(), "oh"))).contains("answered 500");
        assertThat(saidOf(ChatServer.Told.events("data: " + "x".repeat(Lines.MAX_LENGTH))))
                .contains("cannot be spoken to");
    }

    private String saidOf(ChatServer.Told told) throws IOException, InterruptedException {
        try (var server = new ChatServer(told);
                var servers = of(at(server.url() + "/mcp"))) {
            assertThat(servers.tools()).isEmpty();
            return echo(servers).text();
        }
    }

    @Test
    void results_that_are_not_in_order_are_told_and_no_answer_is_waited_for_without_end()
            throws Exception {
        assertThat(calling(LONG, _ -> "{}")).contains("answered without content");
        assertThat(calling(LONG, _ -> "{\"content\":7}")).contains("not in order");
        assertThat(calling(LONG, _ -> "{\"content\":[{\"type\":\"strange\"}]}"))
                .contains("not in order");
        var never = new CountDownLatch(1);
        assertThat(calling(SHORT, _ -> waited(never))).contains("did not answer");
        never.countDown();
    }

    private static String waited(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return "{}";
    }

    /// What comes of a call that is answered so.
    private String calling(Duration patience, Function<HttpExchange, String> result)
            throws Exception {
        try (var own = new Own(result);
                var servers = new ToolServers(List.of(at(own.url())), egress, TIME, patience)) {
            assertThat(servers.tools()).extracting(Tool::name).containsExactly("far__t0");
            var said = servers.use("far__t0", Json.object(), NOBODY);
            assertThat(said.succeeded()).isFalse();
            return said.text();
        }
    }

    @Test
    void tools_that_change_are_known_though_nobody_asked() throws Exception {
        try (var own = new Own(_ -> "{}");
                var servers = of(at(own.url()))) {
            assertThat(servers.tools()).hasSize(1);
            own.change.countDown();
            await().atMost(LONG).untilAsserted(() -> assertThat(servers.tools()).hasSize(2));
        }
    }

    /// A server that answers calls with what the test says, and has one more tool at every look.
    private static final class Own implements AutoCloseable {
        private static final String GREETING =
                """
                {"protocolVersion":"2025-06-18","capabilities":{"tools":{"listChanged":true}},
                 "serverInfo":{"name":"own","version":"1"}}
                """;

        private final HttpServer server;
        private final Function<HttpExchange, String> result;
        private final AtomicInteger looks = new AtomicInteger();
        private final CountDownLatch change = new CountDownLatch(1);

        Own(Function<HttpExchange, String> result) throws IOException {
            this.result = result;
            var any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
            server = HttpServer.create(any, 50);
            server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            server.createContext("/", this::answer);
            server.start();
        }

        String url() {
            return "http://127.0.0.1:" + server.getAddress().getPort() + "/mcp?key=1";
        }

        private void answer(HttpExchange exchange) throws IOException {
            try (exchange) {
                assertThat(exchange.getRequestURI().toString()).isEqualTo("/mcp?key=1");
                if (exchange.getRequestMethod().equals("GET")) {
                    tellOfChange(exchange);
                    return;
                }
                var heard = Json.read(exchange.getRequestBody().readAllBytes());
                var told =
                        switch (heard.path("method").asText()) {
                            case "initialize" -> GREETING;
                            case "tools/list" -> tools(looks.incrementAndGet());
                            case "tools/call" -> result.apply(exchange);
                            default -> "";
                        };
                if (told.isEmpty()) {
                    exchange.sendResponseHeaders(202, -1);
                    return;
                }
                var bytes =
                        "{\"jsonrpc\":\"2.0\",\"id\":%s,\"result\":%s}"
                                .formatted(heard.path("id"), told)
                                .getBytes(UTF_8);
                exchange.getResponseHeaders().set("Content-Type", "application/json");
                exchange.sendResponseHeaders(200, bytes.length);
                exchange.getResponseBody().write(bytes);
            }
        }

        private void tellOfChange(HttpExchange exchange) throws IOException {
            exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
            exchange.sendResponseHeaders(200, 0);
            waited(change);
            var event =
                    """
                    event: message
                    data: {"jsonrpc":"2.0",
                    data: "method":"notifications/tools/list_changed"}

                    """;
            exchange.getResponseBody().write(event.getBytes(UTF_8));
            exchange.getResponseBody().flush();
        }

        private static String tools(int count) {
            var out = Json.object();
            var tools = out.putArray("tools");
            for (int i = 0; i < count; i++) {
                tools.addObject()
                        .put("name", "t" + i)
                        .putObject("inputSchema")
                        .put("type", "object");
            }
            return Json.write(out);
        }

        @Override
        public void close() {
            change.countDown();
            server.stop(0);
        }
    }
}
