package carillon.action;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// One HTTP request to a target. An answer whose status is in `successCodes` is a success; an empty
/// set stands for 200 to 299. With a `secret` the request is signed as Standard Webhooks says.
///
/// Header names are compared without case and keep the order and case in which they were given.
public record HttpCall(
        URI url,
        String method,
        Map<String, String> headers,
        Optional<String> body,
        Optional<HttpAuth> auth,
        Set<Integer> successCodes,
        Optional<String> secret)
        implements Action {
    public HttpCall {
        requireNonNull(url, "url");
        requireNonNull(method, "method");
        headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
        requireNonNull(body, "body");
        requireNonNull(auth, "auth");
        successCodes = Set.copyOf(successCodes);
        requireNonNull(secret, "secret");
    }

    public boolean isSuccess(int status) {
        return successCodes.isEmpty()
                ? status >= 200 && status <= 299
                : successCodes.contains(status);
    }

    /// Without headers, body, credentials and secret, so that it may stand in a log.
    @Override
    public String toString() {
        return method + " " + url.getScheme() + "://" + url.getAuthority() + url.getPath();
    }
}
