package carillon.web;

import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/// The HTTP server: all APIs under their prefixes on the main listener, and single ones at the root
/// of listeners of their own. Each request is answered on a virtual thread.
public final class WebServer {
    private static final System.Logger LOGGER = System.getLogger(WebServer.class.getName());
    private static final String MAIN = "";
    private static final int MAX_CONNECTIONS = 10_000;
    private static final int ACCEPT_QUEUE = 1_024;

    private final WebSettings settings;
    private final InstantSource time;
    private final Optional<Tls> tls;
    private final Responder responder;
    private final Map<String, ServerConnector> connectors = new HashMap<>();
    private final Javalin javalin;

    /// `failures` tells what to answer for exceptions of the layers below that are no bugs, such as
    /// a full disk; whatever it does not know is an internal error. Throws [IllegalStateException]
    /// when routes collide, or a listener is for an API that does not exist, and [ListenException]
    /// when there is no certificate where one was said to be.
    public WebServer(
            WebSettings settings,
            List<Api> apis,
            Authenticators authenticators,
            Function<RuntimeException, Optional<Refusal>> failures,
            InstantSource time) {
        this(settings, apis, authenticators, failures, time, Watch.NONE);
    }

    /// `watch` sees each request.
    public WebServer(
            WebSettings settings,
            List<Api> apis,
            Authenticators authenticators,
            Function<RuntimeException, Optional<Refusal>> failures,
            InstantSource time,
            Watch watch) {
        this.settings = settings;
        this.time = time;
        this.tls = settings.tls().map(files -> tls(files, time.instant()));
        var limiter = new Limiter(settings.requestsPerMinute(), time);
        this.responder =
                new Responder(
                        new Responder.Parts(
                                tables(settings, apis),
                                new Admission(authenticators, limiter),
                                limiter,
                                failures,
                                settings.limits(),
                                time,
                                watch));
        this.javalin = Javalin.create(this::configure);
    }

    private static Tls tls(TlsFiles files, Instant now) {
        try {
            return Tls.open(files, now);
        } catch (TlsException e) {
            throw new ListenException(String.valueOf(e.getMessage()), e);
        }
    }

    private static Map<String, RouteTable> tables(WebSettings settings, List<Api> apis) {
        var tables = new HashMap<String, RouteTable>();
        tables.put(MAIN, RouteTable.of(apis));
        for (var name : settings.own().keySet()) {
            var api = apis.stream().filter(each -> each.name().equals(name)).findFirst();
            tables.put(
                    name,
                    RouteTable.atRoot(
                            api.orElseThrow(
                                    () ->
                                            new IllegalStateException(
                                                    "a listener for an unknown API: " + name))));
        }
        return tables;
    }

    private void configure(JavalinConfig config) {
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.startup.startupWatcherEnabled = false;
        config.concurrency.useVirtualThreads = true;
        config.http.compressionStrategy = CompressionStrategy.NONE;
        config.http.maxRequestSize = settings.limits().bodyBytes();
        config.jetty.modifyServer(
                server -> {
                    server.setErrorHandler(new TransportErrors(responder));
                    server.addBean(new NetworkConnectionLimit(MAX_CONNECTIONS, server));
                });
        config.jetty.addConnector((server, _) -> connector(server, MAIN, settings.main()));
        settings.own()
                .forEach(
                        (name, address) ->
                                config.jetty.addConnector(
                                        (server, _) -> connector(server, name, address)));
        config.jetty.modifyServletContextHandler(
                context ->
                        context.addFilter(this::filter, "/*", EnumSet.of(DispatcherType.REQUEST)));
        config.routes.before(this::handle);
    }

    /// Requests that ask for a socket take the way of all others, which Javalin would not let them.
    private void filter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (request instanceof HttpServletRequest http
                && response instanceof HttpServletResponse reply
                && http.getHeader("Sec-WebSocket-Key") != null) {
            handle(http, reply);
            return;
        }
        chain.doFilter(request, response);
    }

    private void handle(Context context) {
        context.skipRemainingHandlers();
        handle(context.req(), context.res());
    }

    private void handle(HttpServletRequest request, HttpServletResponse response) {
        var exchange = Exchange.of(request);
        try {
            responder.handle(exchange, Reply.to(response));
        } catch (IOException e) {
            // Nobody is left to be told.
            LOGGER.log(Level.DEBUG, "the client of request {0} has gone", exchange.requestId());
        }
    }

    /// How many connections of clients are open, on all listeners.
    public int connections() {
        return connectors.values().stream()
                .mapToInt(connector -> connector.getConnectedEndPoints().size())
                .sum();
    }

    private ServerConnector connector(Server server, String name, InetSocketAddress address) {
        var http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setSendXPoweredBy(false);
        http.setRequestHeaderSize(settings.limits().headerBytes());
        http.addCustomizer(
                (request, _) -> {
                    request.setAttribute(Exchange.LISTENER, name);
                    return request;
                });
        var connector = new ServerConnector(server, protocols(http));
        connector.setHost(address.getHostString());
        connector.setPort(address.getPort());
        connector.setAcceptQueueSize(ACCEPT_QUEUE);
        connector.setIdleTimeout(settings.limits().idle().toMillis());
        connectors.put(name, connector);
        return connector;
    }

    private ConnectionFactory[] protocols(HttpConfiguration http) {
        var plain = new HttpConnectionFactory(http);
        if (tls.isEmpty()) {
            return new ConnectionFactory[] {plain};
        }
        // Behind a proxy the name in the handshake and the one in the request may differ.
        http.addCustomizer(new SecureRequestCustomizer(false));
        return new ConnectionFactory[] {tls.get().before(plain.getProtocol()), plain};
    }

    /// Shows new clients the certificate that the files have now, if it is another and good.
    /// Connections that stand go on. Returns whether it was; never without TLS.
    public boolean reloadCertificate() {
        return tls.map(shown -> shown.reload(time.instant())).orElse(false);
    }

    /// Begins to listen. Throws [ListenException].
    public void start() {
        try {
            javalin.start();
        } catch (RuntimeException e) {
            javalin.stop();
            throw new ListenException(
                    "cannot listen on " + settings.main() + " " + settings.own().values(), e);
        }
    }

    /// The port of the main listener.
    public int port() {
        return portOf(MAIN);
    }

    /// The port of the API's own listener.
    public int portOf(String api) {
        var connector = connectors.get(api);
        if (connector == null) {
            throw new IllegalArgumentException("no listener of its own: " + api);
        }
        return connector.getLocalPort();
    }

    /// Stops accepting, lets the requests under way end within `patience`, then stops. Returns
    /// whether all had ended.
    public boolean stop(Duration patience) throws InterruptedException {
        connectors.values().forEach(ServerConnector::close);
        boolean ended = responder.drain(patience.toMillis());
        javalin.stop();
        return ended;
    }
}
