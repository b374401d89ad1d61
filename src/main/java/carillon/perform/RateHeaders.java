package carillon.perform;

import carillon.ai.Limits;
import carillon.quota.Left;
import carillon.quota.Refusals;
import carillon.quota.Told;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/// Reads what answers of providers say of limits: `x-ratelimit-limit-requests`,
/// `x-ratelimit-remaining-requests` and `x-ratelimit-reset-requests` as OpenAI and those who follow
/// it send them, the same with `tokens`, and `anthropic-ratelimit-requests-limit` and so on as
/// Anthropic does. What cannot be read is not there.
final class RateHeaders {
    private static final String MARK = "ratelimit";
    private static final int MAX_DIGITS = 15;
    private static final Pattern PART =
            Pattern.compile("(\\d{1,12}(?:\\.\\d{1,12})?)(ns|us|\u00b5s|ms|s|m|h|d)");
    private static final Pattern SECONDS = Pattern.compile("\\d{1,9}(\\.\\d{1,12})?");

    /// The three headers of one limit.
    private record Names(String limit, String remaining, String reset) {
        static Names openAi(String measure) {
            return new Names(
                    "x-ratelimit-limit-" + measure,
                    "x-ratelimit-remaining-" + measure,
                    "x-ratelimit-reset-" + measure);
        }

        static Names anthropic(String measure) {
            var prefix = "anthropic-ratelimit-" + measure;
            return new Names(prefix + "-limit", prefix + "-remaining", prefix + "-reset");
        }
    }

    private static final List<Names> REQUESTS =
            List.of(
                    Names.openAi("requests"),
                    Names.openAi("requests-minute"),
                    Names.anthropic("requests"));

    private static final List<Names> TOKENS =
            List.of(
                    Names.openAi("tokens"),
                    Names.openAi("tokens-minute"),
                    Names.anthropic("tokens"),
                    Names.anthropic("input-tokens"));

    private final Map<String, String> headers;
    private final Instant now;

    private RateHeaders(Map<String, String> headers, Instant now) {
        this.headers = headers;
        this.now = now;
    }

    /// `headers` must not tell the case of names.
    static Told read(Map<String, String> headers, Instant now) {
        if (headers.keySet().stream().noneMatch(RateHeaders::isOfLimits)) {
            return NOTHING;
        }
        var read = new RateHeaders(headers, now);
        var limits = new Limits(read.limit(REQUESTS), read.limit(TOKENS), OptionalLong.empty());
        return new Told(limits, read.left(REQUESTS), read.left(TOKENS));
    }

    private static final Told NOTHING =
            new Told(
                    new Limits(OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty()),
                    Left.UNKNOWN,
                    Left.UNKNOWN);

    /// Many answers, of local servers above all, say nothing; that is found out quickly.
    private static boolean isOfLimits(String name) {
        return name.length() > MARK.length() && name.toLowerCase(Locale.ROOT).contains(MARK);
    }

    private OptionalLong limit(List<Names> families) {
        return families.stream()
                .flatMap(names -> number(names.limit).stream())
                .filter(limit -> limit >= 1 && limit <= Limits.MAX)
                .mapToLong(Long::longValue)
                .findFirst();
    }

    private Left left(List<Names> families) {
        return families.stream()
                .flatMap(
                        names ->
                                number(names.remaining)
                                        .flatMap(
                                                count ->
                                                        reset(names).map(at -> new Left(count, at)))
                                        .stream())
                .findFirst()
                .orElse(Left.UNKNOWN);
    }

    private Optional<Long> number(String name) {
        return Optional.ofNullable(headers.get(name))
                .map(String::strip)
                .filter(text -> text.length() <= MAX_DIGITS && text.matches("\\d+"))
                .map(Long::parseLong);
    }

    private Optional<Instant> reset(Names names) {
        return Optional.ofNullable(headers.get(names.reset))
                .map(String::strip)
                .flatMap(text -> wait(text).or(() -> until(text)))
                .filter(wait -> !wait.isNegative())
                .map(wait -> wait.compareTo(Refusals.MAX_WAIT) > 0 ? Refusals.MAX_WAIT : wait)
                .map(now::plus);
    }

    /// `6m0s`, `1.5s`, `20ms`, or seconds without a unit.
    private static Optional<Duration> wait(String text) {
        if (SECONDS.matcher(text).matches()) {
            return Optional.of(length(text, "s"));
        }
        var parts = PART.matcher(text);
        var sum = Duration.ZERO;
        int end = 0;
        while (parts.find() && parts.start() == end) {
            sum = sum.plus(length(parts.group(1), parts.group(2)));
            end = parts.end();
        }
        return end == 0 || end < text.length() ? Optional.empty() : Optional.of(sum);
    }

    private static Duration length(String number, String unit) {
        long nanos =
                switch (unit) {
                    case "ns" -> 1;
                    case "ms" -> 1_000_000;
                    case "s" -> 1_000_000_000;
                    case "m" -> 60_000_000_000L;
                    case "h" -> 3_600_000_000_000L;
                    case "d" -> 86_400_000_000_000L;
                    default -> 1_000; // Both ways to write a millionth.
                };
        var exact = new BigDecimal(number).multiply(BigDecimal.valueOf(nanos));
        var most = BigDecimal.valueOf(Refusals.MAX_WAIT.toNanos());
        return Duration.ofNanos(exact.min(most).longValue());
    }

    /// A point in time as RFC 3339 writes it.
    private Optional<Duration> until(String text) {
        try {
            return Optional.of(Duration.between(now, OffsetDateTime.parse(text).toInstant()));
        } catch (DateTimeException _) {
            return Optional.empty();
        }
    }
}
