package carillon.egress;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// One HTTP request to be made. `timeout` bounds the whole exchange, from the look-up of the name
/// to the last byte of the answer; `maxKept` is how many bytes of the answer's body are wanted. The
/// body is sent as UTF-8. The user in a URL is not sent: it is for the caller to make a header of.
public record EgressRequest(
        String method,
        URI url,
        Map<String, String> headers,
        Optional<String> body,
        Duration timeout,
        int maxKept) {
    public EgressRequest {
        requireNonNull(method, "method");
        requireNonNull(url, "url");
        headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
        requireNonNull(body, "body");
        if (!timeout.isPositive()) {
            throw new IllegalArgumentException("a timeout above 0: " + timeout);
        }
        if (maxKept < 0 || maxKept > Egress.MAX_READ) {
            throw new IllegalArgumentException("0 to " + Egress.MAX_READ + " bytes: " + maxKept);
        }
    }
}
