package carillon.dialect.crewai;

import carillon.json.Json;
import carillon.json.Problem;
import carillon.json.Problems;
import carillon.web.Answer;
import carillon.web.Refusal;
import carillon.web.Refusal.FieldFault;
import carillon.web.Refusal.Kind;
import carillon.web.RefusedException;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/// The error shape: `{error, message, details}`. Wrong fields are `details.errors`, each `{loc,
/// msg, type}` with where it stands as a path.
final class Failures {
    private static final int UNPROCESSABLE = 422;
    private static final String QUERY = "query:";
    private static final String RESOURCE = "resource";
    private static final String IDENTIFIER = "identifier";

    private Failures() {}

    static Answer answer(Refusal refusal) {
        var kind = refusal.kind();
        var body = Json.object().put("error", code(kind)).put("message", refusal.message());
        var details = body.putObject("details");
        if (kind == Kind.NOT_FOUND) {
            refusal.fields().forEach(field -> details.put(field.field(), field.message()));
        } else if (!refusal.fields().isEmpty()) {
            var errors = details.putArray("errors");
            for (var fault : refusal.fields()) {
                var one = errors.addObject();
                loc(fault.field(), one.putArray("loc"));
                one.put("msg", fault.message()).put("type", "value_error");
            }
        }
        int status = kind == Kind.INVALID ? UNPROCESSABLE : kind.status();
        return new Answer(status, body, Answer.JSON, refusal.headers());
    }

    /// `config.headers[2].x` is `["body", "config", "headers", 2, "x"]`.
    private static void loc(String field, ArrayNode loc) {
        if (field.startsWith(QUERY)) {
            loc.add("query").add(field.substring(QUERY.length()));
            return;
        }
        loc.add("body");
        for (var part : field.split("[.\\[]", -1)) {
            if (part.matches("\\d{1,9}\\]")) {
                loc.add(Integer.parseInt(part.substring(0, part.length() - 1)));
            } else if (!part.isEmpty()) {
                loc.add(part);
            }
        }
    }

    private static String code(Kind kind) {
        return switch (kind) {
            case MALFORMED_JSON -> "BAD_REQUEST";
            case INVALID -> "VALIDATION_ERROR";
            case UNAUTHORIZED -> "UNAUTHORIZED";
            case FORBIDDEN -> "FORBIDDEN";
            case NOT_FOUND -> "NOT_FOUND";
            case METHOD_NOT_ALLOWED -> "METHOD_NOT_ALLOWED";
            case CONFLICT, PRECONDITION_FAILED -> "CONFLICT_ERROR";
            case TOO_LARGE -> "PAYLOAD_TOO_LARGE";
            case UNSUPPORTED_MEDIA_TYPE -> "UNSUPPORTED_MEDIA_TYPE";
            case TOO_MANY_REQUESTS -> "RATE_LIMIT_EXCEEDED";
            case INTERNAL, STORE -> "INTERNAL_ERROR";
            case UNAVAILABLE, NO_SPACE -> "SERVICE_UNAVAILABLE";
        };
    }

    static RefusedException notFound(String resource, String identifier) {
        return new RefusedException(
                new Refusal(
                        Kind.NOT_FOUND,
                        resource + " with identifier '" + identifier + "' not found",
                        List.of(
                                new FieldFault(RESOURCE, resource),
                                new FieldFault(IDENTIFIER, identifier)),
                        Map.of()));
    }

    static RefusedException conflict(String message) {
        return new RefusedException(Refusal.of(Kind.CONFLICT, message));
    }

    static RefusedException invalid(String field, String message) {
        return invalid(List.of(new FieldFault(field, message)));
    }

    /// A parameter of the query.
    static RefusedException badQuery(String name, String message) {
        return invalid(QUERY + name, message);
    }

    private static RefusedException invalid(List<FieldFault> faults) {
        return new RefusedException(
                new Refusal(Kind.INVALID, "Request validation failed", faults, Map.of()));
    }

    /// Throws [RefusedException] that names every problem, each field called as `names` says, when
    /// there is one.
    static void refuse(Problems problems, UnaryOperator<String> names) {
        if (!problems.isEmpty()) {
            throw invalid(problems.list().stream().map(each -> fault(each, names)).toList());
        }
    }

    private static FieldFault fault(Problem problem, UnaryOperator<String> names) {
        return new FieldFault(names.apply(problem.field()), problem.message());
    }
}
