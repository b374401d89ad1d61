package carillon.web;

import java.util.LinkedHashMap;
import java.util.Locale;

/// Refusals as problem details (RFC 9457): the shape of the native API, and of every request that
/// is addressed to no API at all.
public final class ProblemDetails {
    public static final String CONTENT_TYPE = "application/problem+json";

    private ProblemDetails() {}

    /// `type` is `urn:carillon:error:` and the kind in lower case; `errors` lists the faults of
    /// single fields and is empty when there are none.
    public static Answer of(Refusal refusal, String requestId) {
        var kind = refusal.kind();
        var body = new LinkedHashMap<String, Object>();
        body.put("type", "urn:carillon:error:" + word(kind));
        body.put("title", title(kind));
        body.put("status", kind.status());
        body.put("detail", refusal.message());
        body.put("errors", refusal.fields());
        body.put("request_id", requestId);
        return new Answer(kind.status(), body, CONTENT_TYPE, refusal.headers());
    }

    private static String word(Refusal.Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static String title(Refusal.Kind kind) {
        return switch (kind) {
            case MALFORMED_JSON -> "Malformed JSON";
            case INVALID -> "Invalid request";
            case UNAUTHORIZED -> "Unauthorized";
            case FORBIDDEN -> "Forbidden";
            case NOT_FOUND -> "Not found";
            case METHOD_NOT_ALLOWED -> "Method not allowed";
            case CONFLICT -> "Conflict";
            case PRECONDITION_FAILED -> "Precondition failed";
            case TOO_LARGE -> "Content too large";
            case UNSUPPORTED_MEDIA_TYPE -> "Unsupported media type";
            case TOO_MANY_REQUESTS -> "Too many requests";
            case INTERNAL -> "Internal error";
            case STORE -> "Storage failed";
            case UNAVAILABLE -> "Unavailable";
            case NO_SPACE -> "No space left";
        };
    }
}
