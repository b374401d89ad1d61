package carillon.dialect.a1base;

import carillon.json.Json;
import carillon.web.Answer;
import carillon.web.Refusal;
import carillon.web.Refusal.Kind;
import carillon.web.RefusedException;

/// A1Base's error shape: `{"error": {code, message, details}}`, with `details` where single fields
/// are at fault.
final class Failures {
    private Failures() {}

    static Answer answer(Refusal refusal) {
        var body = Json.object();
        var error = body.putObject("error");
        error.put("code", code(refusal.kind())).put("message", refusal.message());
        if (!refusal.fields().isEmpty()) {
            var details = error.putObject("details");
            for (var fault : refusal.fields()) {
                details.withArrayProperty(fault.field()).add(fault.message());
            }
        }
        return new Answer(refusal.kind().status(), body, Answer.JSON, refusal.headers());
    }

    private static String code(Kind kind) {
        return switch (kind) {
            case MALFORMED_JSON, INVALID -> "validation_error";
            case UNAUTHORIZED -> "unauthorized";
            case FORBIDDEN -> "forbidden";
            case NOT_FOUND -> "not_found";
            case METHOD_NOT_ALLOWED -> "method_not_allowed";
            case CONFLICT, PRECONDITION_FAILED -> "conflict";
            case TOO_LARGE -> "payload_too_large";
            case UNSUPPORTED_MEDIA_TYPE -> "unsupported_media_type";
            case TOO_MANY_REQUESTS -> "rate_limit_exceeded";
            case INTERNAL, STORE -> "internal_error";
            case UNAVAILABLE -> "service_unavailable";
            case NO_SPACE -> "insufficient_storage";
        };
    }

    static RefusedException notFound() {
        return new RefusedException(Refusal.of(Kind.NOT_FOUND, "Cron job not found"));
    }
}
