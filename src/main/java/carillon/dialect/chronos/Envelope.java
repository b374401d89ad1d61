package carillon.dialect.chronos;

import carillon.json.Json;
import carillon.web.Answer;
import carillon.web.Refusal;
import carillon.web.Refusal.Kind;
import carillon.web.RefusedException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/// The shape of every Chronos answer: `{success, data, error}`, with `data` or `error` null.
final class Envelope {
    private Envelope() {}

    static Answer of(int status, JsonNode data) {
        var body = Json.object().put("success", true);
        body.set("data", data);
        body.putNull("error");
        return Answer.of(status, body);
    }

    static Answer ok(JsonNode data) {
        return of(200, data);
    }

    /// The refusal as `{code, message}`, and with `details` where single fields have more to say.
    static Answer refuse(Refusal refusal) {
        var body = Json.object().put("success", false).putNull("data");
        var error = body.putObject("error");
        error.put("code", code(refusal)).put("message", refusal.message());
        putDetails(refusal, error);
        return new Answer(refusal.kind().status(), body, Answer.JSON, refusal.headers());
    }

    private static void putDetails(Refusal refusal, ObjectNode error) {
        var more =
                refusal.fields().stream()
                        .filter(
                                fault ->
                                        refusal.fields().size() > 1
                                                || !refusal.message().endsWith(fault.message()))
                        .toList();
        if (more.isEmpty()) {
            return;
        }
        var details = error.putArray("details");
        for (var fault : more) {
            details.addObject().put("field", fault.field()).put("message", fault.message());
        }
    }

    private static String code(Refusal refusal) {
        return switch (refusal.kind()) {
            case MALFORMED_JSON -> "INVALID_JSON";
            case INVALID -> invalidCode(refusal);
            case UNAUTHORIZED -> "UNAUTHORIZED";
            case FORBIDDEN -> "FORBIDDEN";
            case NOT_FOUND -> "NOT_FOUND";
            case METHOD_NOT_ALLOWED -> "METHOD_NOT_ALLOWED";
            case CONFLICT, PRECONDITION_FAILED -> "CONFLICT";
            case TOO_LARGE -> "REQUEST_TOO_LARGE";
            case UNSUPPORTED_MEDIA_TYPE -> "UNSUPPORTED_MEDIA_TYPE";
            case TOO_MANY_REQUESTS -> "RATE_LIMIT_EXCEEDED";
            case STORE, NO_SPACE -> "STORE_ERROR";
            case INTERNAL, UNAVAILABLE -> "EXECUTION_ERROR";
        };
    }

    /// Two fields have a code of their own.
    private static String invalidCode(Refusal refusal) {
        if (refusal.fields().size() != 1) {
            return "VALIDATION_ERROR";
        }
        return switch (refusal.fields().getFirst().field()) {
            case "timeout" -> "INVALID_TIMEOUT";
            case "version" -> "INVALID_VERSION";
            case String _ -> "VALIDATION_ERROR";
        };
    }

    static RefusedException jobNotFound() {
        return notFound("Job not found");
    }

    static RefusedException executionNotFound() {
        return notFound("Execution not found");
    }

    static RefusedException versionNotFound() {
        return notFound("Job version not found");
    }

    private static RefusedException notFound(String message) {
        return new RefusedException(Refusal.of(Kind.NOT_FOUND, message));
    }
}
