package carillon.web;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/// Refusals that the boundary itself has to make.
final class Refusals {
    private Refusals() {}

    static Refusal methodNotAllowed(Collection<Route.Method> allowed) {
        var names = new TreeSet<String>();
        allowed.forEach(method -> names.add(method.name()));
        if (names.contains("GET")) {
            names.add("HEAD");
        }
        var list = String.join(", ", names);
        return new Refusal(
                Refusal.Kind.METHOD_NOT_ALLOWED,
                "this path takes " + list,
                List.of(),
                Map.of("Allow", list));
    }

    /// For what the HTTP server refuses before any route is looked for.
    static Refusal ofTransport(int status, String reason) {
        if (status >= 500 && status != 501 && status != 503 && status != 505) {
            return Refusal.of(Refusal.Kind.INTERNAL, "internal error");
        }
        return switch (status) {
            case 408 -> Refusal.of(Refusal.Kind.INVALID, "the request came too slowly");
            case 413 -> Refusal.of(Refusal.Kind.TOO_LARGE, "the body is too large");
            case 414, 431 -> Refusal.of(Refusal.Kind.INVALID, "the request's head is too large");
            case 503 -> Refusal.of(Refusal.Kind.UNAVAILABLE, "the server is busy or stopping");
            default -> Refusal.of(Refusal.Kind.INVALID, "not a proper HTTP request: " + reason);
        };
    }
}
