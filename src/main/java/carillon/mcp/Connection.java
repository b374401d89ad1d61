package carillon.mcp;

import static java.util.Objects.requireNonNull;

import carillon.action.Tool;
import carillon.agent.ToolServer;
import carillon.json.Json;
import carillon.perform.Toolbox.Result;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.client.transport.ServerParameters;
import io.modelcontextprotocol.client.transport.StdioClientTransport;
import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.json.jackson2.JacksonMcpJsonMapper;
import io.modelcontextprotocol.json.schema.JsonSchemaValidator.ValidationResponse;
import io.modelcontextprotocol.spec.McpClientTransport;
import io.modelcontextprotocol.spec.McpSchema;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import reactor.core.publisher.Mono;

/// The connection to one server of tools: made when it is wanted, and made anew when it broke.
final class Connection implements AutoCloseable {
    private static final Logger log = System.getLogger(Connection.class.getName());
    static final Duration REQUEST = Duration.ofSeconds(60);
    private static final Duration START = Duration.ofSeconds(20);

    /// A server that cannot be reached is left alone for so long.
    private static final Duration REST = Duration.ofSeconds(10);

    private static final int MAX_TOOLS = 500;
    private static final ObjectMapper MAPPER = JsonMapper.builder().build();
    private static final McpJsonMapper PROTOCOL = new JacksonMcpJsonMapper(MAPPER);

    private final ToolServer server;
    private final InstantSource time;
    private final Duration patience;
    private final ReentrantLock lock = new ReentrantLock();

    /// Also set by a server that says that its tools have changed, whenever it does.
    private volatile List<Tool> tools = List.of();

    // Guarded by the lock.
    private Optional<McpSyncClient> client = Optional.empty();
    private Instant notBefore = Instant.MIN;
    private boolean closed;

    Connection(ToolServer server, InstantSource time, Duration patience) {
        this.patience = requireNonNull(patience, "patience");
        this.server = requireNonNull(server, "server");
        this.time = requireNonNull(time, "time");
    }

    String name() {
        return server.name();
    }

    /// None while the server cannot be reached. May block while it is.
    List<Tool> tools() {
        return connected().isPresent() ? tools : List.of();
    }

    private Optional<McpSyncClient> connected() {
        lock.lock();
        try {
            boolean rests = time.instant().isBefore(notBefore);
            if (client.isEmpty() && !closed && !rests) {
                connect();
            }
            return client;
        } finally {
            lock.unlock();
        }
    }

    private void connect() {
        var fresh =
                McpClient.sync(transport())
                        .requestTimeout(patience)
                        .initializationTimeout(START)
                        .jsonSchemaValidator((_, content) -> valid(content))
                        .toolsChangeConsumer(changed -> tools = known(changed))
                        .build();
        try {
            var greeting = fresh.initialize();
            tools = list(fresh);
            client = Optional.of(fresh);
            log.log(
                    Level.INFO,
                    "tool server {0} is {1} and has {2} tools",
                    server.name(),
                    greeting.serverInfo().name(),
                    tools.size());
        } catch (RuntimeException e) {
            notBefore = time.instant().plus(REST);
            fresh.close();
            log.log(
                    Level.WARNING,
                    "tool server {0} cannot be reached: {1}",
                    server.name(),
                    String.valueOf(e.getMessage()));
        }
    }

    /// What a tool brought is for its reader to judge.
    private static ValidationResponse valid(Object content) {
        return ValidationResponse.asValid(String.valueOf(content));
    }

    private McpClientTransport transport() {
        return switch (server.way()) {
            case ToolServer.Way.Command command -> {
                var started =
                        new OneAtATime(
                                ServerParameters.builder(command.program())
                                        .args(command.arguments())
                                        .env(command.environment())
                                        .build());
                started.setStdErrorHandler(
                        line -> log.log(Level.DEBUG, "{0}: {1}", server.name(), line));
                yield started;
            }
            case ToolServer.Way.Remote(var url) -> {
                var base = url.resolve("/").toString();
                yield HttpClientStreamableHttpTransport.builder(base)
                        .endpoint(url.getRawPath())
                        .jsonMapper(PROTOCOL)
                        .build();
            }
        };
    }

    /// Sends from several threads, which the library's own refuses: its sink takes one at a time,
    /// and what comes meanwhile fails.
    private static final class OneAtATime extends StdioClientTransport {
        private final ReentrantLock sending = new ReentrantLock();

        OneAtATime(ServerParameters program) {
            super(program, PROTOCOL);
        }

        @Override
        public Mono<Void> sendMessage(McpSchema.JSONRPCMessage message) {
            sending.lock();
            try {
                return super.sendMessage(message);
            } finally {
                sending.unlock();
            }
        }
    }

    private List<Tool> list(McpSyncClient from) {
        var found = new ArrayList<McpSchema.Tool>();
        Optional<String> cursor = Optional.empty();
        do {
            var page = cursor.map(from::listTools).orElseGet(from::listTools);
            found.addAll(page.tools());
            cursor = Optional.ofNullable(page.nextCursor());
        } while (cursor.isPresent() && found.size() < MAX_TOOLS);
        return known(found);
    }

    private List<Tool> known(List<McpSchema.Tool> found) {
        return found.stream().limit(MAX_TOOLS).flatMap(tool -> tool(tool).stream()).toList();
    }

    private Optional<Tool> tool(McpSchema.Tool tool) {
        try {
            return Optional.of(
                    new Tool(
                            server.name() + ToolServers.BETWEEN + tool.name(),
                            Objects.requireNonNullElse(tool.description(), ""),
                            PROTOCOL.writeValueAsString(tool.inputSchema())));
        } catch (IOException e) {
            log.log(Level.WARNING, "a tool of " + server.name() + " is not in order", e);
            return Optional.empty();
        }
    }

    /// A server that does not answer, or dies meanwhile, is a failure that the model is told of.
    Result use(String tool, ObjectNode arguments) throws InterruptedException {
        var to = connected();
        if (to.isEmpty()) {
            return Result.failed("the tool server " + server.name() + " cannot be reached now");
        }
        Map<String, Object> values = MAPPER.convertValue(arguments, new Values());
        try {
            var brought = to.get().callTool(new McpSchema.CallToolRequest(tool, values));
            return new Result(!Boolean.TRUE.equals(brought.isError()), text(brought));
        } catch (RuntimeException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException("while a tool was used");
            }
            lose(to.get());
            log.log(Level.WARNING, "tool " + tool + " of " + server.name() + " failed", e);
            return Result.failed(
                    "the tool server did not answer: " + String.valueOf(e.getMessage()));
        }
    }

    private static final class Values extends TypeReference<Map<String, Object>> {}

    private static String text(McpSchema.CallToolResult brought) {
        return brought.content().stream()
                .map(
                        part ->
                                part instanceof McpSchema.TextContent said
                                        ? said.text()
                                        : Json.write(Json.object().put("type", part.type())))
                .collect(Collectors.joining("\n"));
    }

    private void lose(McpSyncClient broken) {
        lock.lock();
        try {
            client = client.filter(one -> !one.equals(broken));
        } finally {
            lock.unlock();
        }
        broken.close();
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            client.ifPresent(McpSyncClient::close);
            client = Optional.empty();
        } finally {
            lock.unlock();
        }
    }
}
