package carillon.web;

import static java.util.Objects.requireNonNull;

/// One row of the route table: a method and a path (with `{name}` for parameters, below the API's
/// prefix), what it takes to call it, and what answers.
public record Route(Method method, String path, Permission permission, Handler handler) {
    public enum Method {
        GET,
        POST,
        PUT,
        PATCH,
        DELETE
    }

    /// Answers a request, or throws [RefusedException].
    @FunctionalInterface
    public interface Handler {
        Answer answer(Call call) throws InterruptedException;
    }

    public Route {
        requireNonNull(method, "method");
        requireNonNull(path, "path");
        requireNonNull(permission, "permission");
        requireNonNull(handler, "handler");
        if (!path.matches("(/([A-Za-z0-9._-]+|\\{[A-Za-z0-9_]+\\}))*|/")) {
            throw new IllegalArgumentException("not the path of a route: " + path);
        }
    }

    /// Health checks are open to everybody and not counted against any limit.
    boolean isHealthCheck() {
        return permission == Permission.NONE
                && (path.equals("/health") || path.startsWith("/health/"));
    }
}
