package carillon.perform;

import carillon.run.Outcome;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/// Reads `Retry-After` (RFC 9110, section 10.2.3): seconds, or a date.
public final class RetryAfter {
    private RetryAfter() {}

    /// The wait asked for, at most [Outcome#MAX_RETRY_AFTER]; empty for none and for nonsense.
    public static Optional<Duration> read(String value, Instant now) {
        var text = value.strip();
        if (text.matches("\\d{1,9}")) {
            return bounded(Duration.ofSeconds(Long.parseLong(text)));
        }
        if (text.matches("\\d+")) {
            return Optional.of(Outcome.MAX_RETRY_AFTER);
        }
        try {
            var date = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME);
            return bounded(Duration.between(now, date.toInstant()));
        } catch (DateTimeException _) {
            return Optional.empty();
        }
    }

    /// The same for `retry-after-ms`, which some providers of models send: milliseconds.
    static Optional<Duration> readMillis(String value) {
        var text = value.strip();
        return text.matches("\\d{1,15}")
                ? bounded(Duration.ofMillis(Long.parseLong(text)))
                : Optional.empty();
    }

    /// The same for a length of time as Google's APIs write it: `34s`, `1.5s`.
    static Optional<Duration> readDelay(String value) {
        return value.matches("\\d{1,9}(\\.\\d{1,9})?s")
                ? bounded(Duration.parse("PT" + value))
                : Optional.empty();
    }

    private static Optional<Duration> bounded(Duration wait) {
        if (!wait.isPositive()) {
            return Optional.empty();
        }
        return Optional.of(
                wait.compareTo(Outcome.MAX_RETRY_AFTER) > 0 ? Outcome.MAX_RETRY_AFTER : wait);
    }
}
