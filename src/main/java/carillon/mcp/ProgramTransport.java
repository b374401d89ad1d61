package carillon.mcp;

import static java.util.Objects.requireNonNull;

import carillon.agent.ToolServer.Way;
import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.spec.McpClientTransport;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.stream.Stream;
import reactor.core.publisher.Mono;

/// A program that this server has started, spoken to through its input and output, a message a
/// line. Unlike the library's own it knows when the program has ended, and tells those who wait.
final class ProgramTransport implements McpClientTransport {
    private static final Logger log = System.getLogger(ProgramTransport.class.getName());

    /// What a program gets of this server's environment, in which keys may stand.
    private static final Set<String> INHERITED =
            Set.of(
                    "HOME", "LANG", "LC_ALL", "LOGNAME", "PATH", "SHELL", "TERM", "TMPDIR", "TZ",
                    "USER");

    private static final long PATIENCE_SECONDS = 2;

    private final String name;
    private final Process process;
    private final ReentrantLock sending = new ReentrantLock();

    /// The ids of the questions that are not answered.
    private final Set<Object> open = ConcurrentHashMap.newKeySet();

    private volatile boolean ended;

    private ProgramTransport(String name, Process process) {
        this.name = requireNonNull(name, "name");
        this.process = process;
    }

    /// Throws [ExchangeException] when the program cannot be started.
    static ProgramTransport start(String name, Way.Command command) {
        var words = Stream.concat(Stream.of(command.program()), command.arguments().stream());
        var builder = new ProcessBuilder(words.toList());
        builder.environment().keySet().retainAll(INHERITED);
        builder.environment().putAll(command.environment());
        try {
            return new ProgramTransport(name, builder.start());
        } catch (IOException e) {
            throw ExchangeException.of("cannot be started: " + e.getMessage());
        }
    }

    @Override
    public Mono<Void> connect(Function<Mono<JSONRPCMessage>, Mono<JSONRPCMessage>> handler) {
        return Mono.fromRunnable(
                () -> {
                    // Reading a pipe holds on to its carrier; virtual threads have no gain here.
                    reader("says", () -> listen(handler));
                    reader("mutters", this::overhear);
                });
    }

    private void reader(String what, Runnable work) {
        Thread.ofPlatform().daemon().name("tool server " + name + " " + what).start(work);
    }

    private void listen(Function<Mono<JSONRPCMessage>, Mono<JSONRPCMessage>> handler) {
        try (var output = process.getInputStream()) {
            var lines = new Lines(output);
            for (var line = lines.next(); line.isPresent(); line = lines.next()) {
                hear(line.get(), handler);
            }
        } catch (IOException e) {
            log.log(Level.DEBUG, () -> name + " cannot be listened to: " + e.getMessage());
        }
        ended = true;
        var reason = "has ended" + exitCode();
        process.destroy(); // It may have closed its output only.
        open.forEach(id -> handler.apply(Mono.just(Protocol.ended(id, reason))).subscribe());
        open.clear();
    }

    private void hear(String line, Function<Mono<JSONRPCMessage>, Mono<JSONRPCMessage>> handler) {
        var message = Protocol.read(line);
        if (message.isEmpty()) {
            log.log(Level.DEBUG, "{0} says what is no message: {1}", name, line);
            return;
        }
        if (message.get() instanceof JSONRPCResponse response && response.id() != null) {
            open.remove(response.id());
        }
        handler.apply(Mono.just(message.get())).subscribe();
    }

    private String exitCode() {
        try {
            boolean exited = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
            return exited ? " with the exit code " + process.exitValue() : "";
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return "";
        }
    }

    private void overhear() {
        try (InputStream errors = process.getErrorStream()) {
            var lines = new Lines(errors);
            for (var line = lines.next(); line.isPresent(); line = lines.next()) {
                log.log(Level.DEBUG, "{0}: {1}", name, line.get());
            }
        } catch (IOException e) {
            log.log(Level.DEBUG, () -> name + " mutters no more: " + e.getMessage());
        }
    }

    @Override
    public Mono<Void> sendMessage(JSONRPCMessage message) {
        // A program that does not listen lets the pipe fill up; whoever asked has a timeout.
        return Mono.create(
                sink ->
                        Thread.startVirtualThread(
                                () -> {
                                    try {
                                        send(message);
                                        sink.success();
                                    } catch (ExchangeException e) {
                                        sink.error(e);
                                    }
                                }));
    }

    private void send(JSONRPCMessage message) {
        var id = Optional.of(message).filter(JSONRPCRequest.class::isInstance);
        id.ifPresent(one -> open.add(((JSONRPCRequest) one).id()));
        if (ended) {
            throw ExchangeException.of("has ended" + exitCode());
        }
        var line = (Protocol.write(message) + "\n").getBytes(StandardCharsets.UTF_8);
        sending.lock();
        try {
            var input = process.getOutputStream();
            input.write(line);
            input.flush();
        } catch (IOException e) {
            var code = exitCode();
            throw ExchangeException.of(
                    code.isEmpty() ? "does not listen: " + e.getMessage() : "has ended" + code);
        } finally {
            sending.unlock();
        }
    }

    @Override
    public Mono<Void> closeGracefully() {
        return Mono.fromRunnable(this::stop);
    }

    private void stop() {
        var helpers = process.descendants().toList();
        process.destroy();
        try {
            process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
        helpers.forEach(ProcessHandle::destroy);
    }

    @Override
    public <T> T unmarshalFrom(Object value, TypeRef<T> type) {
        return Protocol.MAPPER.convertValue(value, type);
    }
}
