package carillon.dialect.gptrunner;

import static java.util.Objects.requireNonNull;

import carillon.json.Json;
import carillon.json.Problem;
import carillon.web.Answer;
import carillon.web.Refusal;
import carillon.web.Refusal.FieldFault;
import carillon.web.Refusal.Kind;
import carillon.web.RefusedException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/// The shape of every answer: `{success, data, message, timestamp}`, or `{success, error: {code,
/// message, details}, timestamp}` with what is wrong by field.
final class Envelope {
    private static final String DONE = "Operation completed successfully";
    private static final String INVALID = "Invalid input parameters";

    private final InstantSource time;

    Envelope(InstantSource time) {
        this.time = requireNonNull(time, "time");
    }

    Answer ok(JsonNode data) {
        return ok(data, DONE);
    }

    Answer ok(JsonNode data, String message) {
        return Answer.ok(body(data, message));
    }

    Answer created(JsonNode data, String message) {
        return Answer.created(body(data, message));
    }

    private ObjectNode body(JsonNode data, String message) {
        var body = Json.object().put("success", true);
        body.set("data", data);
        return dated(body.put("message", message));
    }

    /// What was asked for is done, and there is nothing to show.
    Answer done(String message) {
        return Answer.ok(dated(Json.object().put("success", true).put("message", message)));
    }

    private ObjectNode dated(ObjectNode body) {
        return body.put("timestamp", Codec.time(time.instant()));
    }

    Answer refuse(Refusal refusal) {
        var body = Json.object().put("success", false);
        var error = body.putObject("error");
        error.put("code", code(refusal)).put("message", refusal.message());
        var details = error.putObject("details");
        refusal.fields().forEach(fault -> addTo(details, fault));
        return new Answer(refusal.kind().status(), dated(body), Answer.JSON, refusal.headers());
    }

    private static void addTo(ObjectNode details, FieldFault fault) {
        var name = fault.field().isEmpty() ? "body" : fault.field();
        var before = details.has(name) ? details.get(name).asText() + "; " : "";
        details.put(name, before + fault.message());
    }

    private static String code(Refusal refusal) {
        return Code.of(refusal).map(Code::name).orElseGet(() -> code(refusal.kind()));
    }

    private static String code(Kind kind) {
        return switch (kind) {
            case MALFORMED_JSON, INVALID -> "VALIDATION_ERROR";
            case UNAUTHORIZED -> "UNAUTHORIZED";
            case FORBIDDEN -> "FORBIDDEN";
            case NOT_FOUND -> "NOT_FOUND";
            case METHOD_NOT_ALLOWED -> "METHOD_NOT_ALLOWED";
            case CONFLICT, PRECONDITION_FAILED -> "CONFLICT";
            case TOO_LARGE -> "PAYLOAD_TOO_LARGE";
            case UNSUPPORTED_MEDIA_TYPE -> "UNSUPPORTED_MEDIA_TYPE";
            case TOO_MANY_REQUESTS -> "QUOTA_EXCEEDED";
            case INTERNAL, STORE -> "INTERNAL_ERROR";
            case UNAVAILABLE, NO_SPACE -> "SERVICE_UNAVAILABLE";
        };
    }

    static RefusedException invalid(List<FieldFault> faults) {
        return new RefusedException(new Refusal(Kind.INVALID, INVALID, faults, Map.of()));
    }

    static RefusedException invalid(String field, String why) {
        return invalid(List.of(new FieldFault(field, why)));
    }

    /// Throws [RefusedException] that names every problem, when there is one.
    static void refuse(List<Problem> problems) {
        if (!problems.isEmpty()) {
            throw invalid(
                    problems.stream()
                            .map(each -> new FieldFault(each.field(), each.message()))
                            .toList());
        }
    }

    static RefusedException racing() {
        return new RefusedException(
                Refusal.of(Kind.CONFLICT, "Others keep changing the task: try again"));
    }
}
