package carillon.web;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Map;

/// A request that is not granted, in terms that every API can put into its own error shape.
/// `message` is for the person who reads the answer; `fields` are the faults of single fields.
/// `headers` go on the answer, whatever its shape (`Retry-After`, `Allow`, `WWW-Authenticate`).
public record Refusal(
        Kind kind, String message, List<FieldFault> fields, Map<String, String> headers) {
    public enum Kind {
        MALFORMED_JSON(400),
        INVALID(400),
        UNAUTHORIZED(401),
        FORBIDDEN(403),
        NOT_FOUND(404),
        METHOD_NOT_ALLOWED(405),
        CONFLICT(409),
        /// An `If-Match` that does not match.
        PRECONDITION_FAILED(412),
        TOO_LARGE(413),
        UNSUPPORTED_MEDIA_TYPE(415),
        TOO_MANY_REQUESTS(429),
        INTERNAL(500),
        /// The store cannot do it now.
        STORE(500),
        UNAVAILABLE(503),
        /// The disk is full.
        NO_SPACE(507);

        private final int status;

        Kind(int status) {
            this.status = status;
        }

        /// The HTTP status where the API's document does not say another.
        public int status() {
            return status;
        }
    }

    /// `field` is the path in the body (`action.http.url`) or the name of a parameter.
    public record FieldFault(String field, String message) {
        public FieldFault {
            requireNonNull(field, "field");
            requireNonNull(message, "message");
        }
    }

    public Refusal {
        requireNonNull(kind, "kind");
        requireNonNull(message, "message");
        fields = List.copyOf(fields);
        headers = Map.copyOf(headers);
    }

    public static Refusal of(Kind kind, String message) {
        return new Refusal(kind, message, List.of(), Map.of());
    }

    public static Refusal invalid(String field, String message) {
        return new Refusal(
                Kind.INVALID, message, List.of(new FieldFault(field, message)), Map.of());
    }
}
