package carillon.idempotency;

import static java.util.Objects.requireNonNull;

import java.util.Map;
import java.util.Optional;

/// The answer to a request, as it is given again. `body` is empty when it was not fit to be kept:
/// because it held a secret, or was too large.
public record KeptAnswer(
        int status, String contentType, Map<String, String> headers, Optional<String> body) {
    public KeptAnswer {
        requireNonNull(contentType, "contentType");
        headers = Map.copyOf(headers);
        requireNonNull(body, "body");
    }
}
