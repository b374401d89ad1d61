package carillon.mcp;

import static java.util.Objects.requireNonNull;

import carillon.egress.BodyReader;
import carillon.egress.Egress;
import carillon.egress.EgressReply;
import carillon.egress.EgressRequest;
import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.spec.McpClientTransport;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.modelcontextprotocol.spec.ProtocolVersions;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/// A server that is spoken to over "streamable HTTP", as the protocol calls it: each message is a
/// POST, answered by JSON or by a stream of events, and what the server says unasked comes as the
/// answer of a GET that does not end. All of it leaves through [Egress], by whose rules the
/// library's own transport could not be bound.
final class HttpTransport implements McpClientTransport {
    private static final Logger log = System.getLogger(HttpTransport.class.getName());
    private static final String SESSION = "Mcp-Session-Id";
    private static final String JSON = "application/json";
    private static final Duration LISTENING = Duration.ofHours(1);
    private static final long BETWEEN_SECONDS = 5;
    private static final Duration GOODBYE = Duration.ofSeconds(1);
    private static final int NOT_FOUND = 404;
    private static final int BAD_REQUEST = 400;

    private final Egress egress;
    private final URI url;
    private final Duration patience;
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile Function<Mono<JSONRPCMessage>, Mono<JSONRPCMessage>> handler = one -> one;
    private volatile Optional<String> session = Optional.empty();
    private volatile Optional<String> version = Optional.empty();

    /// An exchange takes at most `patience`.
    HttpTransport(Egress egress, URI url, Duration patience) {
        this.egress = requireNonNull(egress, "egress");
        this.url = requireNonNull(url, "url");
        this.patience = requireNonNull(patience, "patience");
    }

    @Override
    public List<String> protocolVersions() {
        return List.of(
                ProtocolVersions.MCP_2024_11_05,
                ProtocolVersions.MCP_2025_03_26,
                ProtocolVersions.MCP_2025_06_18,
                ProtocolVersions.MCP_2025_11_25);
    }

    @Override
    public Mono<Void> connect(Function<Mono<JSONRPCMessage>, Mono<JSONRPCMessage>> hears) {
        return Mono.fromRunnable(() -> handler = hears);
    }

    private void hear(JSONRPCMessage message) {
        handler.apply(Mono.just(message)).subscribe();
    }

    @Override
    public Mono<Void> sendMessage(JSONRPCMessage message) {
        return Mono.create(
                sink ->
                        start(
                                () -> {
                                    try {
                                        post(message);
                                        sink.success();
                                    } catch (RuntimeException e) {
                                        sink.error(e);
                                    }
                                }));
    }

    private void start(Runnable work) {
        var thread =
                Thread.ofVirtual()
                        .unstarted(
                                () -> {
                                    try {
                                        work.run();
                                    } finally {
                                        threads.remove(Thread.currentThread());
                                    }
                                });
        threads.add(thread);
        thread.start();
        if (closed.getCount() == 0) {
            thread.interrupt();
        }
    }

    private void post(JSONRPCMessage message) {
        var wanted =
                message instanceof JSONRPCRequest request
                        ? Optional.of(request.id())
                        : Optional.empty();
        var events = new Events(wanted, this::hear);
        var answer = answer(send("POST", Optional.of(Protocol.write(message)), patience, events));
        answer.header(SESSION).ifPresent(id -> session = Optional.of(id));
        if (message instanceof JSONRPCRequest request) {
            var response =
                    events.answer()
                            .or(() -> response(answer.body(), request.id()))
                            .orElseThrow(() -> unanswered(answer, events));
            if (request.method().equals(McpSchema.METHOD_INITIALIZE)) {
                version = version(response);
            }
            hear(response);
        }
        if (message instanceof JSONRPCNotification told
                && told.method().equals(McpSchema.METHOD_NOTIFICATION_INITIALIZED)) {
            start(this::listen);
        }
    }

    private static Optional<JSONRPCMessage> response(String body, Object id) {
        return Protocol.read(body)
                .filter(one -> one instanceof JSONRPCResponse said && id.equals(said.id()));
    }

    private static Optional<String> version(JSONRPCMessage greeting) {
        return greeting instanceof JSONRPCResponse(_, _, Map<?, ?> result, _)
                ? Optional.ofNullable(result.get("protocolVersion")).map(Object::toString)
                : Optional.empty();
    }

    private static ExchangeException unanswered(EgressReply.Answer answer, Events events) {
        return ExchangeException.of(
                events.hasGarbage() || !answer.body().isEmpty()
                        ? "answered with what is no message of the protocol"
                        : "ended its answer before it had answered");
    }

    private EgressReply send(
            String method, Optional<String> body, Duration timeout, BodyReader reader) {
        var headers = new LinkedHashMap<String, String>();
        body.ifPresent(_ -> headers.put("Content-Type", JSON));
        headers.put("Accept", method.equals("GET") ? Events.TYPE : JSON + ", " + Events.TYPE);
        session.ifPresent(id -> headers.put(SESSION, id));
        version.ifPresent(one -> headers.put("MCP-Protocol-Version", one));
        var request = new EgressRequest(method, url, headers, body, timeout, Egress.MAX_READ);
        try {
            return egress.send(request, reader);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw ExchangeException.of("is not spoken to any more");
        }
    }

    private EgressReply.Answer answer(EgressReply reply) {
        return switch (reply) {
            case EgressReply.Answer answer when answer.status() / 100 == 2 -> answer;
            case EgressReply.Answer answer -> throw refused(answer);
            case EgressReply.Refused(var reason) ->
                    throw ExchangeException.of("may not be called: " + reason);
            case EgressReply.TimedOut(var reason, _) ->
                    throw ExchangeException.of("did not answer: " + reason);
            case EgressReply.Unreachable(var reason, _) ->
                    throw ExchangeException.of("cannot be spoken to: " + reason);
        };
    }

    /// A session that is not known is said by 404; some servers say 400.
    private ExchangeException refused(EgressReply.Answer answer) {
        var text = "answered " + answer.status() + " " + answer.phrase();
        boolean perhaps = answer.status() == NOT_FOUND || answer.status() == BAD_REQUEST;
        return perhaps && session.isPresent()
                ? ExchangeException.sessionLost(text)
                : ExchangeException.of(text);
    }

    /// Hears what the server says unasked, where it offers that.
    private void listen() {
        try {
            do {
                var events = new Events(Optional.empty(), this::hear);
                var reply = send("GET", Optional.empty(), LISTENING, events);
                if (reply instanceof EgressReply.Refused
                        || (reply instanceof EgressReply.Answer && !events.hasBegun())) {
                    return;
                }
            } while (!closed.await(BETWEEN_SECONDS, TimeUnit.SECONDS));
        } catch (InterruptedException | ExchangeException _) {
            Thread.currentThread().interrupt(); // Closed.
        }
    }

    @Override
    public Mono<Void> closeGracefully() {
        return Mono.fromRunnable(this::end);
    }

    private void end() {
        closed.countDown();
        threads.forEach(Thread::interrupt);
        if (session.isPresent()) {
            sayGoodbye();
        }
    }

    /// Lets the server forget the session, if it can be spoken to.
    private void sayGoodbye() {
        try {
            send("DELETE", Optional.empty(), GOODBYE, BodyReader.NONE);
        } catch (ExchangeException e) {
            log.log(Level.DEBUG, "a tool server was not told that nobody listens", e);
        }
    }

    @Override
    public <T> T unmarshalFrom(Object value, TypeRef<T> type) {
        return Protocol.MAPPER.convertValue(value, type);
    }
}
