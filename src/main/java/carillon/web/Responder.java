package carillon.web;

import carillon.audit.Actor;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/// Answers requests: finds the route, asks for admission, runs the handler, and puts whatever goes
/// wrong on the way into the shape of the API that was addressed.
final class Responder {
    private static final System.Logger LOGGER = System.getLogger(Responder.class.getName());

    private static final int MAX_SOCKETS = 2_000;
    private static final int SOCKETS_PER_MINUTE = 5;

    /// The parts that a responder is made of. `tables` are keyed by listener; `failures` knows the
    /// exceptions of the layers below that are no bugs.
    record Parts(
            Map<String, RouteTable> tables,
            Admission admission,
            Limiter limiter,
            Function<RuntimeException, Optional<Refusal>> failures,
            WebSettings.Limits limits,
            InstantSource time,
            Watch watch) {
        Parts {
            tables = Map.copyOf(tables);
        }
    }

    private final Parts parts;
    private final Semaphore inFlight;
    private final Feeds feeds;
    private final Bodies bodies;
    private final Sockets sockets = new Sockets(MAX_SOCKETS);
    private final Limiter newSockets;
    private volatile boolean closing;

    Responder(Parts parts) {
        this.parts = parts;
        var few =
                parts.limiter().limits() ? OptionalInt.of(SOCKETS_PER_MINUTE) : OptionalInt.empty();
        this.newSockets = new Limiter(few, parts.time());
        this.inFlight = new Semaphore(parts.limits().inFlight());
        this.bodies = new Bodies(parts.limits(), parts.time());
        this.feeds = new Feeds(parts.limits().feeds());
    }

    /// Answers one request, whatever happens.
    void handle(Exchange exchange, Reply reply) throws IOException {
        long begin = System.nanoTime();
        try {
            respond(exchange, reply);
        } finally {
            var api = exchange.route().map(row -> row.api().name()).orElse("none");
            var route = exchange.route().map(row -> row.route().method() + " " + row.path());
            var took = Duration.ofNanos(System.nanoTime() - begin);
            parts.watch().answered(api, route.orElse("none"), reply.response().getStatus(), took);
        }
    }

    private void respond(Exchange exchange, Reply reply) throws IOException {
        reply.header("X-Request-ID", exchange.requestId());
        if (closing || !inFlight.tryAcquire()) {
            reply.header("Connection", "close");
            reply.send(shaped(exchange, busy()));
            return;
        }
        Answer answer;
        try {
            answer = answer(exchange, reply);
            if (answer.body() instanceof Socket socket) {
                upgrade(exchange, reply, socket);
                return;
            }
            if (!(answer.body() instanceof Feed)) {
                send(exchange, reply, answer);
                return;
            }
        } finally {
            inFlight.release();
        }
        feed(exchange, reply, answer);
    }

    private void send(Exchange exchange, Reply reply, Answer answer) throws IOException {
        byte[] body;
        try {
            body = Wire.bytes(answer);
        } catch (RuntimeException e) {
            reply.send(shaped(exchange, failure(e, exchange)));
            return;
        }
        if (!bodies.isUnread(exchange)) {
            reply.send(answer, body);
            return;
        }
        // An answer before the end of the body: the connection cannot be used again, and the client
        // reads the answer only when it can send its body to the end.
        reply.header("Connection", "close");
        reply.send(answer, body);
        bodies.discard(exchange);
    }

    private void feed(Exchange exchange, Reply reply, Answer answer) throws IOException {
        if (!(answer.body() instanceof Feed feed)) {
            throw new IllegalStateException("not a feed");
        }
        if (exchange.request().getMethod().equals("HEAD")) {
            reply.begin(answer);
            return;
        }
        if (!feeds.enter(Thread.currentThread())) {
            reply.send(shaped(exchange, busy()));
            return;
        }
        try {
            feed.run(reply.stream(answer));
        } catch (InterruptedException e) {
            LOGGER.log(Level.DEBUG, "feed of request {0} ends: stopping", exchange.requestId());
        } catch (RuntimeException e) {
            var level = closing ? Level.DEBUG : Level.WARNING;
            LOGGER.log(level, "feed of request " + exchange.requestId() + " broke off", e);
        } finally {
            feeds.leave(Thread.currentThread());
        }
    }

    /// New sockets are counted by themselves, for each address.
    private void upgrade(Exchange exchange, Reply reply, Socket socket) throws IOException {
        try {
            Admission.requireWithin(newSockets.take(Limiter.keyOf(exchange.peer())));
        } catch (RefusedException e) {
            reply.send(shaped(exchange, e.refusal()));
            return;
        }
        var entered = sockets.enter(socket);
        if (entered.isEmpty()) {
            reply.send(shaped(exchange, busy()));
            return;
        }
        if (!reply.upgrade(exchange, entered.get())) {
            sockets.leave(entered.get());
            var broken = Refusal.of(Refusal.Kind.INVALID, "not a proper WebSocket handshake");
            reply.send(shaped(exchange, broken));
        }
    }

    private static Refusal busy() {
        return new Refusal(
                Refusal.Kind.UNAVAILABLE,
                "the server is busy or stopping",
                List.of(),
                Map.of("Retry-After", "1"));
    }

    private Answer answer(Exchange exchange, Reply reply) {
        try {
            return route(exchange, reply);
        } catch (RefusedException e) {
            return shaped(exchange, e.refusal());
        } catch (InterruptedException e) {
            return shaped(exchange, busy());
        } catch (RuntimeException e) {
            return shaped(exchange, failure(e, exchange));
        }
    }

    private Refusal failure(RuntimeException e, Exchange exchange) {
        var known = parts.failures().apply(e);
        var what = exchange.request().getMethod() + " " + exchange.rawPath();
        LOGGER.log(Level.ERROR, "request " + exchange.requestId() + " failed: " + what, e);
        return known.orElseGet(
                () ->
                        Refusal.of(
                                Refusal.Kind.INTERNAL,
                                "internal error; the log has it under " + exchange.requestId()));
    }

    private Answer route(Exchange exchange, Reply reply) throws InterruptedException {
        var table = table(exchange);
        var owner = table.ownerOf(exchange.rawPath());
        var path = RequestPath.parse(exchange.rawPath());
        var match = path.map(plain -> table.match(exchange.method(), plain));
        boolean health =
                match.isPresent()
                        && match.get() instanceof RouteTable.Match.Found found
                        && found.row().route().isHealthCheck();
        Optional<Principal> known = Optional.empty();
        if (!health) {
            known = owner.flatMap(api -> parts.admission().identify(api, exchange));
            var key = limiterKey(owner, known, exchange);
            var verdict = parts.limiter().take(key);
            verdict.headers().forEach(reply::header);
            Admission.requireWithin(verdict);
        }
        if (match.isEmpty()) {
            throw refused(Refusal.Kind.INVALID, "the path is not in plain form");
        }
        return switch (match.get()) {
            case RouteTable.Match.Found found -> call(found, known, exchange);
            case RouteTable.Match.OtherMethods(var allowed) ->
                    throw new RefusedException(Refusals.methodNotAllowed(allowed));
            case RouteTable.Match.Unknown() ->
                    throw refused(Refusal.Kind.NOT_FOUND, "there is nothing at this path");
        };
    }

    /// What a person looks at does not use up what programs with the same key may ask.
    private static String limiterKey(
            Optional<Api> owner, Optional<Principal> known, Exchange exchange) {
        boolean watched =
                owner.stream().anyMatch(api -> api.access() == Api.Access.SIGN_IN_OR_KEY)
                        && exchange.credential().isEmpty();
        var key = known.map(Limiter::keyOf).orElseGet(() -> Limiter.keyOf(exchange.peer()));
        return watched && known.isPresent() ? "browser of " + key : key;
    }

    private Answer call(RouteTable.Match.Found found, Optional<Principal> known, Exchange exchange)
            throws InterruptedException {
        exchange.found(found.row());
        var caller = parts.admission().admit(found.row(), known, exchange);
        var body = bodies.read(exchange);
        var call = new ServletCall(exchange, found.parameters(), body, caller);
        return actor(caller, found.row(), exchange)
                .doing(() -> found.row().route().handler().answer(call));
    }

    private static Actor actor(Principal caller, RouteTable.Row row, Exchange exchange) {
        return new Actor(
                caller.name(),
                exchange.peer().getHostAddress(),
                row.api().name(),
                exchange.requestId());
    }

    private static RefusedException refused(Refusal.Kind kind, String message) {
        return new RefusedException(Refusal.of(kind, message));
    }

    private RouteTable table(Exchange exchange) {
        var table = parts.tables().get(exchange.listener());
        if (table == null) {
            throw new IllegalStateException("no such listener: " + exchange.listener());
        }
        return table;
    }

    /// The refusal in the shape of the API that the request is addressed to.
    Answer shaped(Exchange exchange, Refusal refusal) {
        return shaped(exchange.listener(), exchange.rawPath(), refusal, exchange.requestId());
    }

    Answer shaped(String listener, String rawPath, Refusal refusal, String requestId) {
        var answer =
                Optional.ofNullable(parts.tables().get(listener))
                        .flatMap(table -> table.ownerOf(rawPath))
                        .map(api -> api.refuse(refusal, requestId))
                        .orElseGet(() -> ProblemDetails.of(refusal, requestId));
        return answer.withHeaders(refusal.headers());
    }

    /// Takes no more requests, ends the feeds, and waits for the requests under way, at most
    /// `millis`; returns whether all have ended.
    boolean drain(long millis) throws InterruptedException {
        closing = true;
        feeds.close();
        sockets.close();
        return inFlight.tryAcquire(parts.limits().inFlight(), millis, TimeUnit.MILLISECONDS);
    }
}
