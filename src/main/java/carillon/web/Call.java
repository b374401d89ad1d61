package carillon.web;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/// A request as a handler sees it: authenticated, allowed, and within the limits.
public interface Call {
    /// The path parameter; a name that the route does not declare is a bug.
    String path(String name);

    Optional<String> query(String name);

    Optional<String> header(String name);

    /// The body as JSON. Throws [RefusedException] when it is none.
    JsonNode json();

    /// The body as it was sent, empty when there was none.
    byte[] body();

    /// The field of a body that a form sent; empty when there is none of this name, or the body is
    /// no form. Throws [RefusedException] for percent signs that encode nothing.
    Optional<String> field(String name);

    /// The cookie; empty when it was not sent, or more than once.
    Optional<String> cookie(String name);

    /// Whether nobody between the client and this server could read along.
    boolean isSecure();

    /// What was asked for: method, path and query, as they were sent.
    String target();

    /// Whether a body was sent at all.
    boolean hasBody();

    /// Who asks, for `created_by` and the like: the name of the key or user, or `anonymous`.
    String caller();

    /// Whether the caller has this permission, besides the one that the route takes.
    boolean may(Permission needed);

    /// The request's id, as in `X-Request-ID`: the client's or a made one.
    String requestId();
}
