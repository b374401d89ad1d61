package carillon.task;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// A kind of failure that is worth another attempt: a word (`network`, `timeout`, `other`), a class
/// of status codes (`4xx`, `5xx`) or one status code (`429`).
public record RetryOn(String word) {
    private static final Pattern WORD =
            Pattern.compile("network|timeout|other|[1-5]xx|[1-5]\\d\\d");

    public static final RetryOn NETWORK = new RetryOn("network");
    public static final RetryOn TIMEOUT = new RetryOn("timeout");
    public static final RetryOn OTHER = new RetryOn("other");

    /// Network errors, timeouts, 5xx and 429.
    public static final Set<RetryOn> TRANSIENT =
            Set.of(NETWORK, TIMEOUT, new RetryOn("5xx"), new RetryOn("429"));

    public RetryOn {
        if (!isWord(word)) {
            throw new IllegalArgumentException(
                    "expected network, timeout, other, 4xx, 5xx or a status code: " + word);
        }
    }

    /// Reads a word in either case; empty when it is none.
    public static Optional<RetryOn> of(String text) {
        var word = text.toLowerCase(Locale.ROOT);
        return isWord(word) ? Optional.of(new RetryOn(word)) : Optional.empty();
    }

    private static boolean isWord(String text) {
        return WORD.matcher(text).matches();
    }

    /// The two ways to name the failure with this status code.
    public static Set<RetryOn> forStatus(int status) {
        return Set.of(new RetryOn(Integer.toString(status)), new RetryOn(status / 100 + "xx"));
    }
}
