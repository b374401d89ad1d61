package carillon.mcp;

import static java.util.Objects.requireNonNull;

import carillon.action.Tool;
import carillon.agent.ToolServer;
import carillon.egress.Egress;
import carillon.json.Json;
import carillon.perform.Toolbox.Result;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.json.schema.JsonSchemaValidator.ValidationResponse;
import io.modelcontextprotocol.spec.McpClientTransport;
import io.modelcontextprotocol.spec.McpError;
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
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;

/// The connection to one server of tools: made when it is wanted, and made anew when it broke.
final class Connection implements AutoCloseable {
    private static final Logger log = System.getLogger(Connection.class.getName());
    static final Duration REQUEST = Duration.ofSeconds(60);
    private static final Duration START = Duration.ofSeconds(20);

    /// A server that cannot be reached is left alone for so long.
    private static final Duration REST = Duration.ofSeconds(10);

    private static final int MAX_TOOLS = 500;
    private static final int MOST_LOOKS = 50;

    private final ToolServer server;
    private final Egress egress;
    private final InstantSource time;
    private final Duration patience;
    private final ReentrantLock lock = new ReentrantLock();

    /// Also set by a server that says that its tools have changed, whenever it does.
    private volatile List<Tool> tools = List.of();

    private final AtomicInteger changes = new AtomicInteger();

    /// Why there is no connection.
    private volatile String fault = "is closed";

    // Guarded by the lock.
    private Optional<McpSyncClient> client = Optional.empty();
    private Instant notBefore = Instant.MIN;
    private boolean closed;

    Connection(ToolServer server, Egress egress, InstantSource time, Duration patience) {
        this.egress = requireNonNull(egress, "egress");
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
        Optional<McpSyncClient> fresh = Optional.empty();
        try {
            fresh = Optional.of(client(transport()));
            var greeting = fresh.get().initialize();
            learn(fresh.get());
            client = fresh;
            log.log(
                    Level.INFO,
                    "tool server {0} is {1} and has {2} tools",
                    server.name(),
                    greeting.serverInfo().name(),
                    tools.size());
        } catch (RuntimeException e) {
            notBefore = time.instant().plus(REST);
            fault = reason(e);
            fresh.ifPresent(McpSyncClient::close);
            log.log(Level.WARNING, "tool server {0} {1}", server.name(), fault);
        }
    }

    /// What was listed is old when the server says meanwhile that its tools have changed.
    private void learn(McpSyncClient from) {
        int before = -1;
        for (int look = 0; look < MOST_LOOKS && changes.get() != before; look++) {
            before = changes.get();
            tools = list(from);
        }
    }

    private void changed(List<McpSchema.Tool> found) {
        tools = known(found);
        changes.incrementAndGet();
    }

    private McpSyncClient client(McpClientTransport transport) {
        return McpClient.sync(transport)
                .requestTimeout(patience)
                .initializationTimeout(START)
                .jsonSchemaValidator((_, content) -> valid(content))
                .toolsChangeConsumer(this::changed)
                .build();
    }

    /// What a tool brought is for its reader to judge.
    private static ValidationResponse valid(Object content) {
        return ValidationResponse.asValid(String.valueOf(content));
    }

    private McpClientTransport transport() {
        return switch (server.way()) {
            case ToolServer.Way.Command command -> ProgramTransport.start(server.name(), command);
            case ToolServer.Way.Remote(var url) -> new HttpTransport(egress, url, patience);
        };
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
                            Protocol.MAPPER.writeValueAsString(tool.inputSchema())));
        } catch (IOException e) {
            log.log(Level.WARNING, "a tool of " + server.name() + " is not in order", e);
            return Optional.empty();
        }
    }

    /// A server that does not answer, or dies meanwhile, is a failure that the model is told of.
    Result use(String tool, ObjectNode arguments) throws InterruptedException {
        Map<String, Object> values = Protocol.VALUES.convertValue(arguments, new Values());
        var call = new McpSchema.CallToolRequest(tool, values);
        var first = tried(call);
        // What a server did for a session that it does not know is nothing.
        return first.isPresent()
                ? first.get()
                : tried(call).orElseGet(() -> failed("forgets its sessions"));
    }

    /// None when the server did not know the session, which is given up then.
    private Optional<Result> tried(McpSchema.CallToolRequest call) throws InterruptedException {
        var to = connected();
        if (to.isEmpty()) {
            return Optional.of(failed("cannot be reached now: it " + fault));
        }
        try {
            return Optional.of(result(to.get().callTool(call)));
        } catch (RuntimeException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException("while a tool was used");
            }
            if (e instanceof McpError said && !Protocol.saysEnded(said.getJsonRpcError())) {
                return Optional.of(failed("refused the call: " + said.getMessage()));
            }
            lose(to.get());
            if (isSessionLost(e)) {
                return Optional.empty();
            }
            var reason = reason(e);
            log.log(Level.WARNING, "tool server {0} {1}", server.name(), reason);
            return Optional.of(failed(reason));
        }
    }

    private Result failed(String reason) {
        return Result.failed("the tool server " + server.name() + " " + reason);
    }

    /// Completes the sentence "the tool server …".
    private static String reason(RuntimeException fault) {
        for (Throwable e = fault; e != null; e = e.getCause()) {
            if (e instanceof ExchangeException || e instanceof McpError) {
                return String.valueOf(e.getMessage());
            }
            if (e instanceof TimeoutException) {
                return "did not answer in time";
            }
        }
        return "answered with what is not in order: " + fault.getMessage();
    }

    private static boolean isSessionLost(Throwable fault) {
        return (fault instanceof ExchangeException e && e.isSessionLost())
                || (fault.getCause() != null && isSessionLost(fault.getCause()));
    }

    private Result result(McpSchema.CallToolResult brought) {
        var content = Optional.ofNullable(brought.content());
        return content.isEmpty()
                ? failed("answered without content")
                : new Result(!Boolean.TRUE.equals(brought.isError()), text(content.get()));
    }

    private static final class Values extends TypeReference<Map<String, Object>> {}

    private static String text(List<McpSchema.Content> content) {
        return content.stream()
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
