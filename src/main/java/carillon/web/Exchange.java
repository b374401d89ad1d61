package carillon.web;

import jakarta.servlet.http.HttpServletRequest;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.Collections;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/// What the boundary needs to know of a request before it knows which route it is for.
record Exchange(HttpServletRequest request, String listener, String requestId) {
    private static final String MAIN = "";

    /// The request attribute that carries the name of the listener; empty for the main one.
    static final String LISTENER = "carillon.listener";

    static Exchange of(HttpServletRequest request) {
        var listener = request.getAttribute(LISTENER) instanceof String name ? name : MAIN;
        return new Exchange(request, listener, requestId(request.getHeader("X-Request-ID")));
    }

    /// The client's id where it is fit for a log and a header, else a new one.
    static String requestId(String sent) {
        if (sent != null && sent.matches("[A-Za-z0-9._-]{1,64}")) {
            return sent;
        }
        return "req-" + Long.toHexString(ThreadLocalRandom.current().nextLong() | Long.MIN_VALUE);
    }

    private static final String ROUTE = "carillon.route";

    /// Notes the route that the request is for.
    void found(RouteTable.Row row) {
        request.setAttribute(ROUTE, row);
    }

    /// The route that the request is for; empty when there is none, or not yet.
    Optional<RouteTable.Row> route() {
        return request.getAttribute(ROUTE) instanceof RouteTable.Row row
                ? Optional.of(row)
                : Optional.empty();
    }

    Optional<String> header(String name) {
        return Optional.ofNullable(request.getHeader(name));
    }

    /// The values of a header that must not be sent twice; more than one is no value at all.
    boolean repeats(String name) {
        return Collections.list(request.getHeaders(name)).size() > 1;
    }

    String rawPath() {
        return request.getRequestURI();
    }

    /// Empty for a method that no route can have. HEAD is GET without the body.
    Optional<Route.Method> method() {
        return switch (request.getMethod()) {
            case "GET", "HEAD" -> Optional.of(Route.Method.GET);
            case "POST" -> Optional.of(Route.Method.POST);
            case "PUT" -> Optional.of(Route.Method.PUT);
            case "PATCH" -> Optional.of(Route.Method.PATCH);
            case "DELETE" -> Optional.of(Route.Method.DELETE);
            case String _ -> Optional.empty();
        };
    }

    /// The address at the other end of the connection; headers have no say.
    InetAddress peer() {
        return InetAddress.ofLiteral(request.getRemoteAddr());
    }

    /// Whether the request came from this machine and not through a proxy on it.
    boolean isLocal() {
        return peer().isLoopbackAddress()
                && header("X-Forwarded-For").isEmpty()
                && header("Forwarded").isEmpty()
                && header("X-Real-IP").isEmpty()
                && header("Via").isEmpty();
    }

    /// The `Authorization` header, taken apart; empty when there is none.
    Optional<Credential> credential() {
        if (repeats("Authorization")) {
            return Optional.of(new Credential("", ""));
        }
        return header("Authorization").map(Credential::of);
    }

    /// The cookie; empty when it was not sent, or more than once.
    Optional<String> cookie(String name) {
        var cookies = request.getCookies();
        if (cookies == null) {
            return Optional.empty();
        }
        var named = Arrays.stream(cookies).filter(each -> each.getName().equals(name)).toList();
        return named.size() == 1 ? Optional.of(named.getFirst().getValue()) : Optional.empty();
    }

    /// A scheme in lower case and what follows it.
    record Credential(String scheme, String value) {
        static Credential of(String header) {
            int space = header.indexOf(' ');
            return space < 0
                    ? new Credential(header.toLowerCase(Locale.ROOT), "")
                    : new Credential(
                            header.substring(0, space).toLowerCase(Locale.ROOT),
                            header.substring(space + 1).strip());
        }
    }
}
