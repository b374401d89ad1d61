package carillon.api;

import static java.util.Objects.requireNonNull;

import carillon.web.Answer;
import carillon.web.Permission;
import carillon.web.Route;
import java.util.Map;
import java.util.function.Supplier;

/// `/metrics`: the server's figures as Prometheus reads them, for those with a key.
public record MetricsRoute(Supplier<String> text, String contentType) {
    public MetricsRoute {
        requireNonNull(text, "text");
        requireNonNull(contentType, "contentType");
    }

    public Route route() {
        return new Route(
                Route.Method.GET,
                "/metrics",
                Permission.VIEW,
                _ -> new Answer(200, text.get(), contentType, Map.of()));
    }
}
