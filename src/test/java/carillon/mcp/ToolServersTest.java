package carillon.mcp;

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
import carillon.run.Lease;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// With a real server of tools from npm, over its input and output.
@Timeout(300)
final class ToolServersTest {
    private static final InstantSource TIME = InstantSource.system();
    private static final Lease NOBODY =
            Leases.of(new Nothing(), 1, Duration.ofMinutes(1), "native");

    @TempDir private Path folder;
    private final Egress egress =
            Egress.open(new EgressSettings(AllowList.EMPTY, Set.of(), 10, "Carillon test"));

    @AfterEach
    void closeEgress() {
        egress.close();
    }

    private ToolServers of(ToolServer server) {
        return new ToolServers(List.of(server), egress, TIME);
    }

    @Test
    void tools_are_found_and_used_and_their_faults_are_told() throws Exception {
        try (var servers = of(NpmServer.everything("all"))) {
            var tools = servers.tools();
            assertThat(tools).extracting(Tool::name).contains("all__echo");
            var echo =
                    tools.stream()
                            .filter(tool -> tool.name().equals("all__echo"))
                            .findFirst()
                            .orElseThrow();
            assertThat(Json.read(echo.parameters()).at("/properties/message/type").asText())
                    .isEqualTo("string");
            var said = servers.use("all__echo", Json.object().put("message", "hello"), NOBODY);
            assertThat(said.succeeded()).isTrue();
            assertThat(said.text()).contains("hello");
            var wrong = servers.use("all__echo", Json.object(), NOBODY);
            assertThat(wrong.succeeded()).isFalse();
            assertThat(servers.use("all__nothing", Json.object(), NOBODY).succeeded()).isFalse();
            assertThat(servers.use("other__echo", Json.object(), NOBODY).succeeded()).isFalse();
        }
    }

    @Test
    void a_server_that_cannot_be_started_has_no_tools_and_says_so() throws Exception {
        var missing =
                new ToolServer(
                        "gone",
                        new ToolServer.Way.Command("/no/such/program", List.of(), Map.of()));
        try (var servers = of(missing)) {
            assertThat(servers.tools()).isEmpty();
            assertThat(servers.use("gone__x", Json.object(), NOBODY).text())
                    .contains("cannot be reached now: it cannot be started", "/no/such/program");
        }
    }

    @Test
    void a_program_that_ends_before_it_has_greeted_is_told_with_its_exit_code() throws Exception {
        try (var servers = of(program("console.error('no'); process.exit(3)"))) {
            assertThat(servers.tools()).isEmpty();
            assertThat(servers.use("one__x", Json.object(), NOBODY).text())
                    .contains("it has ended with the exit code 3");
        }
    }

    private ToolServer program(String script) throws IOException {
        var file = Files.writeString(folder.resolve("one.js"), script);
        return new ToolServer(
                "one",
                new ToolServer.Way.Command(
                        "node", List.of(file.toString()), Map.of("ITS_OWN", "value")));
    }

    /// Says first what is no message, and brings the names of what is in its environment.
    private static final String BARE =
            """
            const lines = require('readline').createInterface({ input: process.stdin });
            const say = (id, result) =>
              console.log(JSON.stringify({ jsonrpc: '2.0', id, result }));
            console.log('hello, this is no message');
            console.log('{"neither":"is this"}');
            lines.on('line', line => {
              const { id, method, params } = JSON.parse(line);
              if (method === 'initialize') {
                say(id, { protocolVersion: params.protocolVersion,
                  capabilities: { tools: {} }, serverInfo: { name: 'bare', version: '1' } });
              } else if (method === 'tools/list') {
                say(id, { tools: [{ name: 'env', inputSchema: { type: 'object' } }] });
              } else if (method === 'tools/call') {
                const text = Object.keys(process.env).join(' ');
                say(id, { content: [{ type: 'text', text }] });
              }
            });
            """;

    @Test
    void a_program_gets_of_the_environment_what_it_needs_and_no_keys() throws Exception {
        try (var servers = of(program(BARE))) {
            var names = servers.use("one__env", Json.object(), NOBODY);
            assertThat(names.succeeded()).as(names.text()).isTrue();
            assertThat(names.text().split(" ", -1))
                    .contains("PATH", "ITS_OWN")
                    .isSubsetOf(
                            "ITS_OWN", "HOME", "LANG", "LC_ALL", "LOGNAME", "PATH", "SHELL", "TERM",
                            "TMPDIR", "TZ", "USER");
        }
    }

    /// Answers the greeting and the list, and dies of the first call.
    private static final String MORTAL =
            """
            const lines = require('readline').createInterface({ input: process.stdin });
            const say = (id, result) =>
              console.log(JSON.stringify({ jsonrpc: '2.0', id, result }));
            lines.on('line', line => {
              const { id, method, params } = JSON.parse(line);
              if (method === 'initialize') {
                say(id, { protocolVersion: params.protocolVersion,
                  capabilities: { tools: {} }, serverInfo: { name: 'mortal', version: '1' } });
              } else if (method === 'tools/list') {
                say(id, { tools: [{ name: 'die', description: 'Dies',
                  inputSchema: { type: 'object', properties: {} } }] });
              } else if (method === 'tools/call') {
                process.exit(1);
              }
            });
            """;

    @Test
    void a_server_that_dies_in_the_middle_of_a_call_is_a_failure_that_is_told() throws Exception {
        var script = Files.writeString(folder.resolve("mortal.js"), MORTAL);
        var mortal =
                new ToolServer(
                        "mortal",
                        new ToolServer.Way.Command("node", List.of(script.toString()), Map.of()));
        try (var servers = of(mortal)) {
            assertThat(servers.tools()).extracting(Tool::name).containsExactly("mortal__die");
            for (int i = 0; i < 2; i++) { // It is started anew for the second.
                var died = servers.use("mortal__die", Json.object(), NOBODY);
                assertThat(died.succeeded()).isFalse();
                assertThat(died.text())
                        .isEqualTo("the tool server mortal has ended with the exit code 1");
            }
        }
    }

    /// Says that its tools have changed at every opportunity, and has one more at every look.
    private static final String FICKLE =
            """
            const lines = require('readline').createInterface({ input: process.stdin });
            const say = message => console.log(JSON.stringify({ jsonrpc: '2.0', ...message }));
            const changed = () => say({ method: 'notifications/tools/list_changed' });
            let looks = 0;
            lines.on('line', line => {
              const { id, method, params } = JSON.parse(line);
              if (method === 'initialize') {
                say({ id, result: { protocolVersion: params.protocolVersion,
                  capabilities: { tools: { listChanged: true } },
                  serverInfo: { name: 'fickle', version: '1' } } });
              } else if (method === 'notifications/initialized') {
                for (let i = 0; i < 20; i++) changed();
              } else if (method === 'tools/list') {
                looks++;
                const tools = Array.from({ length: looks }, (_, i) => ({ name: 't' + i,
                  description: 'Is new', inputSchema: { type: 'object', properties: {} } }));
                say({ id, result: { tools } });
              }
            });
            """;

    @Test
    void tools_that_change_are_known_even_when_all_is_said_at_once() throws Exception {
        var script = Files.writeString(folder.resolve("fickle.js"), FICKLE);
        var fickle =
                new ToolServer(
                        "fickle",
                        new ToolServer.Way.Command("node", List.of(script.toString()), Map.of()));
        try (var servers = of(fickle)) {
            assertThat(servers.tools()).isNotEmpty();
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(servers.tools()).hasSizeGreaterThan(10));
        }
    }

    @Test
    void an_agent_uses_a_tool_of_a_real_server() throws Exception {
        var asked = new ConcurrentLinkedQueue<JsonNode>();
        try (var server = WholeServer.start(folder, List.of(NpmServer.everything("all")));
                var provider =
                        new ChatServer(
                                heard -> {
                                    asked.add(heard.body());
                                    return asked.size() == 1 ? call() : answer(asked);
                                })) {
            server.post(
                    "/api/v1/models",
                    "{\"name\":\"m\",\"provider\":\"openai\",\"base_url\":\"%s\"}"
                            .formatted(provider.url()));
            server.post(
                    "/api/v1/agents",
                    """
                    {"name":"ann","role":"Clerk","goal":"Add","model":"m","tools":["all"]}
                    """);
            var task =
                    server.post(
                            "/api/v1/tasks",
                            """
                            {"name":"add","action":{"agent":{"agent":"ann","text":"Say it"}}}
                            """);
            var path = "/api/v1/tasks/" + task.path("id") + "/execute?wait=25s";
            var begun = server.post(path, "");
            var run =
                    server.await(
                            "/api/v1/runs/" + begun.path("id"),
                            one -> !one.path("finished_at").isNull());
            assertThat(run.path("state").asText()).as(run.toString()).isEqualTo("SUCCEEDED");
            assertThat(run.at("/output/body").asText()).contains("carillon");
            assertThat(asked.element().path("tools").findValuesAsText("name"))
                    .contains("all__echo");
            var transcript =
                    server.get("/api/v1/runs/" + run.path("id") + "/transcript").path("entries");
            assertThat(transcript).hasSize(3);
            assertThat(transcript.at("/1/tool").asText()).isEqualTo("all__echo");
            assertThat(transcript.at("/1/succeeded").asBoolean()).isTrue();
        }
    }

    private static ChatServer.Told call() {
        var message = Json.object().put("role", "assistant").putNull("content");
        message.putArray("tool_calls")
                .addObject()
                .put("id", "call_1")
                .put("type", "function")
                .putObject("function")
                .put("name", "all__echo")
                .put("arguments", "{\"message\":\"carillon\"}");
        return told(message, "tool_calls");
    }

    /// What the tool said.
    private static ChatServer.Told answer(Queue<JsonNode> asked) {
        var last = asked.stream().reduce((_, one) -> one).orElseThrow().path("messages");
        var brought = last.path(last.size() - 1).path("content").asText();
        return told(Json.object().put("role", "assistant").put("content", brought), "stop");
    }

    private static ChatServer.Told told(JsonNode message, String reason) {
        var answer = Json.object();
        var choice = answer.putArray("choices").addObject();
        choice.put("index", 0).put("finish_reason", reason).set("message", message);
        return ChatServer.Told.ok(Json.write(answer));
    }
}
