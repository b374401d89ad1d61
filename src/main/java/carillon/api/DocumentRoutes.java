package carillon.api;

import carillon.web.Answer;
import carillon.web.Call;
import carillon.web.Permission;
import carillon.web.Refusal;
import carillon.web.Route;
import carillon.web.Route.Method;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// `/`, which leads to the console, `/openapi.yaml`, which describes this API, and `/docs`, which
/// shows it: open to everybody, and with everything they need in the jar.
final class DocumentRoutes {
    private static final String DOCUMENT = "/openapi.yaml";
    private static final String WEBJAR = "/META-INF/resources/webjars/swagger-ui/5.21.0/";

    /// Nothing but what comes from this server; pictures may stand in the style sheet.
    private static final Map<String, String> POLICY =
            Map.of(
                    "Content-Security-Policy",
                    "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'");

    /// Where each file of the page is, and what it is.
    private record Resource(String path, String type) {}

    private static final Map<String, Resource> FILES =
            Map.of(
                    "swagger-ui.css", new Resource(WEBJAR + "swagger-ui.css", "text/css"),
                    "swagger-ui-bundle.js",
                            new Resource(WEBJAR + "swagger-ui-bundle.js", "text/javascript"),
                    "favicon.png", new Resource(WEBJAR + "favicon-32x32.png", "image/png"),
                    "start.js", new Resource("/docs/start.js", "text/javascript"));

    List<Route> routes() {
        return List.of(
                new Route(Method.GET, "/", Permission.NONE, _ -> toTheConsole()),
                new Route(
                        Method.GET,
                        DOCUMENT,
                        Permission.NONE,
                        _ -> answer(new Resource(DOCUMENT, "application/yaml"))),
                new Route(
                        Method.GET,
                        "/docs",
                        Permission.NONE,
                        _ -> answer(new Resource("/docs/index.html", "text/html; charset=utf-8"))),
                new Route(Method.GET, "/docs/{file}", Permission.NONE, this::file));
    }

    /// Whoever comes without a path is a person with a browser.
    private static Answer toTheConsole() {
        return new Answer(303, "", "text/plain; charset=utf-8", Map.of("Location", "/console"));
    }

    private Answer file(Call call) {
        var resource =
                Optional.ofNullable(FILES.get(call.path("file")))
                        .orElseThrow(
                                () ->
                                        Refused.of(
                                                Refusal.Kind.NOT_FOUND,
                                                "there is nothing at this path"));
        return answer(resource);
    }

    private static Answer answer(Resource resource) {
        return new Answer(200, bytes(resource.path()), resource.type(), POLICY);
    }

    private static byte[] bytes(String path) {
        try (var in = DocumentRoutes.class.getResourceAsStream(path)) {
            if (in == null) {
                throw new IllegalStateException("not in the jar: " + path);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("reading " + path, e);
        }
    }
}
