package carillon.json;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// What an HTTP call may say, for every API that takes one: RFC 9110 with no way to smuggle in a
/// second header, and no header that is the connection's own or that carries our signature. Each
/// rule answers with what is wrong, or with nothing.
public final class HttpRules {
    public static final int MAX_URL_LENGTH = 2048;
    public static final int MAX_HEADERS = 100;
    public static final int MAX_HEADER_LENGTH = 8192;
    public static final List<String> METHODS =
            List.of("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS");

    private static final String URL_FAULT = "must be an absolute http or https URL";
    private static final String SECRET_PREFIX = "whsec_";
    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
    private static final int MAX_PORT = 65_535;
    private static final Set<String> RESERVED =
            Set.of(
                    "host",
                    "content-length",
                    "transfer-encoding",
                    "connection",
                    "keep-alive",
                    "proxy-connection",
                    "te",
                    "trailer",
                    "upgrade",
                    "expect",
                    "webhook-id",
                    "webhook-timestamp",
                    "webhook-signature");

    private HttpRules() {}

    public static Optional<String> urlFault(String text) {
        if (text.length() > MAX_URL_LENGTH) {
            return Optional.of("must have at most " + MAX_URL_LENGTH + " characters");
        }
        URI url;
        try {
            url = new URI(text);
        } catch (URISyntaxException e) {
            var place = e.getIndex() < 0 ? "" : "; see position " + (e.getIndex() + 1);
            return Optional.of(URL_FAULT + place);
        }
        var scheme = url.getScheme();
        if (!"http".equalsIgnoreCase(scheme) && !"https".equalsIgnoreCase(scheme)) {
            return Optional.of(URL_FAULT);
        }
        if (url.getHost() == null) {
            return Optional.of(URL_FAULT + " with a host name or an address");
        }
        if (url.getPort() == 0 || url.getPort() > MAX_PORT) {
            return Optional.of("must have a port from 1 to " + MAX_PORT);
        }
        return Optional.empty();
    }

    /// `method` in capitals.
    public static Optional<String> methodFault(String method) {
        return METHODS.contains(method)
                ? Optional.empty()
                : Optional.of("must be one of " + String.join(", ", METHODS));
    }

    public static Optional<String> headerNameFault(String name) {
        if (name.length() > MAX_HEADER_LENGTH || !name.matches(TOKEN)) {
            return Optional.of("is no header name: letters, digits and hyphens are expected");
        }
        return RESERVED.contains(name.toLowerCase(Locale.ROOT))
                ? Optional.of("is set by the server and cannot be given")
                : Optional.empty();
    }

    public static Optional<String> headerValueFault(String value) {
        if (value.length() > MAX_HEADER_LENGTH) {
            return Optional.of("must have at most " + MAX_HEADER_LENGTH + " characters");
        }
        return value.chars().allMatch(HttpRules::mayStandInHeader)
                ? Optional.empty()
                : Optional.of("must be printable Latin-1 text, without line breaks");
    }

    private static boolean mayStandInHeader(int c) {
        return c == '\t' || (c >= 0x20 && c <= 0x7e) || (c >= 0xa0 && c <= 0xff);
    }

    /// A signing secret: any text, or `whsec_` and Base64.
    public static Optional<String> secretFault(String secret) {
        if (secret.isBlank()) {
            return Optional.of("must not be blank");
        }
        if (secret.startsWith(SECRET_PREFIX)) {
            try {
                if (Base64.getDecoder().decode(secret.substring(SECRET_PREFIX.length())).length
                        == 0) {
                    return Optional.of("must have a key after whsec_");
                }
            } catch (IllegalArgumentException _) {
                return Optional.of("must be Base64 after whsec_");
            }
        }
        return Optional.empty();
    }

    /// Whether two URLs lead to the same server: scheme, host and port.
    static boolean isSameServer(URI a, URI b) {
        return a.getScheme().equalsIgnoreCase(b.getScheme())
                && String.valueOf(a.getHost()).equalsIgnoreCase(String.valueOf(b.getHost()))
                && port(a) == port(b);
    }

    private static int port(URI url) {
        if (url.getPort() >= 0) {
            return url.getPort();
        }
        return "https".equalsIgnoreCase(url.getScheme()) ? 443 : 80;
    }
}
