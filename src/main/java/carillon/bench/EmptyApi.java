package carillon.bench;

import carillon.json.Json;
import carillon.web.Answer;
import carillon.web.Api;
import carillon.web.Authenticators;
import carillon.web.Permission;
import carillon.web.Refusal;
import carillon.web.Route;
import carillon.web.WebServer;
import carillon.web.WebSettings;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What an HTTP request costs when nothing is asked for: the same server and boundary as for every
/// API, with handlers that answer the same few bytes.
public final class EmptyApi implements Api, AutoCloseable {
    static final String PATH = "/empty";

    private final WebServer server;

    /// Listens on a free port of loopback.
    public EmptyApi(InstantSource time) {
        server =
                new WebServer(
                        WebSettings.loopback(),
                        List.of(this),
                        new Authenticators(_ -> Optional.empty(), Optional.empty()),
                        _ -> Optional.empty(),
                        time);
        server.start();
    }

    public int port() {
        return server.port();
    }

    @Override
    public String name() {
        return "empty";
    }

    @Override
    public String prefix() {
        return "";
    }

    @Override
    public Access access() {
        return Access.KEY;
    }

    @Override
    public List<Route> routes() {
        var nothing = Json.object();
        return List.of(
                new Route(Route.Method.GET, PATH, Permission.NONE, _ -> Answer.ok(nothing)),
                new Route(Route.Method.POST, PATH, Permission.NONE, _ -> Answer.created(nothing)));
    }

    @Override
    public Answer refuse(Refusal refusal, String requestId) {
        return new Answer(500, refusal.message(), "text/plain", Map.of());
    }

    @Override
    public void close() {
        try {
            server.stop(Duration.ofSeconds(1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
