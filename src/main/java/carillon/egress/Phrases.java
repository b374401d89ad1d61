package carillon.egress;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.hc.core5.http.impl.EnglishReasonPhraseCatalog;

/// The names of status codes in RFC 9110. The target's own words for them are not repeated.
final class Phrases {
    /// Those that the client's catalogue has under older names.
    private static final Map<Integer, String> RENAMED =
            Map.of(
                    302, "Found",
                    413, "Content Too Large",
                    414, "URI Too Long",
                    422, "Unprocessable Content");

    private Phrases() {}

    /// Empty for a code that has no name.
    static String of(int status) {
        if (status < 100 || status > 599) {
            return "";
        }
        return Optional.ofNullable(RENAMED.get(status))
                .or(
                        () ->
                                Optional.ofNullable(
                                        EnglishReasonPhraseCatalog.INSTANCE.getReason(
                                                status, Locale.ROOT)))
                .orElse("");
    }
}
