package carillon.schedule;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.format.DateTimeParseException;

/// Durations as text, in the two forms that people meet: the short form (`300ms`, `5s`, `1h30m`,
/// `1.5s`, `2d`, and ISO-8601 `PT5M`), and the stricter form of Go's `time.ParseDuration`.
///
/// Both readers hold a duration to what fits 64 bits of nanoseconds, about 292 years.
public final class DurationText {
    private static final int MAX_LENGTH = 64;
    private static final BigDecimal MAX_NANOS = BigDecimal.valueOf(Long.MAX_VALUE);
    private static final String TOO_LONG = "longer than 292 years";
    private static final String PEOPLE = "a duration such as 300ms, 5s, 1h30m, 2d or PT5M";
    private static final String GO = "a duration such as 300ms, 5s or 1h30m";

    private enum Unit {
        NANOS("ns", 1L),
        MICROS("us", 1_000L),
        MICROS_SIGN("\u00b5s", 1_000L),
        MICROS_GREEK("\u03bcs", 1_000L),
        MILLIS("ms", 1_000_000L),
        SECONDS("s", 1_000_000_000L),
        MINUTES("m", 60_000_000_000L),
        HOURS("h", 3_600_000_000_000L),
        DAYS("d", 86_400_000_000_000L);

        final String symbol;
        final long nanos;

        Unit(String symbol, long nanos) {
            this.symbol = symbol;
            this.nanos = nanos;
        }
    }

    private final String text;
    private final int offset;
    private final boolean days;
    private final String expected;
    private int at;

    private DurationText(String text, int offset, boolean days) {
        this.text = text;
        this.offset = offset;
        this.days = days;
        this.expected = days ? PEOPLE : GO;
    }

    /// Reads the form that people write: numbers, each with a unit (`ns`, `us`, `ms`, `s`, `m`,
    /// `h`, `d`; a day is 24 hours), or ISO-8601. Never negative. A bare number is refused, but for
    /// `0`. Throws [ScheduleException].
    public static Duration parse(String text) {
        return parse(text, 0);
    }

    /// As [#parse(String)], for a text that begins at `offset` of a longer one: the positions of
    /// faults are positions in that.
    static Duration parse(String text, int offset) {
        var reader = new DurationText(text, offset, true);
        boolean iso = text.startsWith("P") || text.startsWith("p");
        return iso ? reader.parseIso() : reader.parse(false);
    }

    /// Reads exactly what Go's `time.ParseDuration` reads: an optional sign, then numbers with the
    /// units `ns`, `us`, `ms`, `s`, `m` and `h`. A bare number is refused, but for `0`. Throws
    /// [ScheduleException].
    public static Duration parseGo(String text) {
        return new DurationText(text, 0, false).parse(true);
    }

    /// Writes as Go does: `5m0s`, `1h30m0s`, `1.5s`, `300ms`, `0s`.
    public static String toGo(Duration duration) {
        if (duration.isNegative()) {
            return "-" + toGo(duration.negated());
        }
        long seconds = duration.toSeconds();
        if (seconds == 0) {
            return belowOneSecond(duration.toNanosPart());
        }
        var out = new StringBuilder();
        if (seconds >= 3600) {
            out.append(seconds / 3600).append('h');
        }
        if (seconds >= 60) {
            out.append(seconds / 60 % 60).append('m');
        }
        return out.append(decimal(seconds % 60, duration.toNanosPart(), 9)).append('s').toString();
    }

    /// Writes the short form of people, which [#parse] reads back as the same duration: `5m`,
    /// `1h30m`, `1.5s`, `300ms`, and `2d` for whole days only.
    public static String write(Duration duration) {
        if (duration.isNegative()) {
            return "-" + write(duration.negated());
        }
        long seconds = duration.toSeconds();
        int nanos = duration.toNanosPart();
        if (seconds == 0) {
            return belowOneSecond(nanos);
        }
        if (nanos == 0 && seconds % 86_400 == 0) {
            return seconds / 86_400 + "d";
        }
        var out = new StringBuilder();
        if (seconds >= 3600) {
            out.append(seconds / 3600).append('h');
        }
        if (seconds / 60 % 60 > 0) {
            out.append(seconds / 60 % 60).append('m');
        }
        if (seconds % 60 > 0 || nanos > 0) {
            out.append(decimal(seconds % 60, nanos, 9)).append('s');
        }
        return out.toString();
    }

    private static String belowOneSecond(int nanos) {
        if (nanos == 0) {
            return "0s";
        }
        if (nanos < 1_000) {
            return nanos + "ns";
        }
        if (nanos < 1_000_000) {
            return decimal(nanos / 1_000, nanos % 1_000, 3) + "\u00b5s";
        }
        return decimal(nanos / 1_000_000, nanos % 1_000_000, 6) + "ms";
    }

    private static String decimal(long whole, int fraction, int digits) {
        return BigDecimal.valueOf(whole)
                .add(BigDecimal.valueOf(fraction, digits))
                .stripTrailingZeros()
                .toPlainString();
    }

    private Duration parseIso() {
        Duration duration;
        try {
            duration = Duration.parse(text);
        } catch (DateTimeParseException e) {
            throw fault(e.getErrorIndex(), "expected " + expected);
        }
        if (duration.isNegative()) {
            throw fault(0, "must not be negative");
        }
        if (duration.compareTo(Duration.ofNanos(Long.MAX_VALUE)) > 0) {
            throw fault(0, TOO_LONG);
        }
        return duration;
    }

    private Duration parse(boolean signed) {
        if (text.length() > MAX_LENGTH) {
            throw fault(MAX_LENGTH, "too many characters; expected " + expected);
        }
        boolean negative = signed && text.startsWith("-");
        if (signed && (negative || text.startsWith("+"))) {
            at++;
        }
        if (text.substring(at).equals("0")) {
            return Duration.ZERO;
        }
        if (at == text.length()) {
            throw fault(at, "expected " + expected);
        }
        var nanos = BigDecimal.ZERO;
        while (at < text.length()) {
            int start = at;
            var number = number();
            nanos = nanos.add(number.multiply(BigDecimal.valueOf(unit().nanos)));
            if (nanos.compareTo(MAX_NANOS) > 0) {
                throw fault(start, TOO_LONG);
            }
        }
        var duration = Duration.ofNanos(nanos.setScale(0, RoundingMode.DOWN).longValueExact());
        return negative ? duration.negated() : duration;
    }

    private BigDecimal number() {
        int start = at;
        int digits = 0;
        boolean point = false;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '.' && !point) {
                point = true;
            } else if (c >= '0' && c <= '9') {
                digits++;
            } else {
                break;
            }
            at++;
        }
        if (digits == 0) {
            throw fault(start, "expected " + expected);
        }
        return new BigDecimal(text.substring(start, at));
    }

    private Unit unit() {
        int start = at;
        while (at < text.length() && text.charAt(at) != '.' && !isDigit(text.charAt(at))) {
            at++;
        }
        var symbol = text.substring(start, at);
        for (var unit : Unit.values()) {
            if (unit.symbol.equals(symbol) && (days || unit != Unit.DAYS)) {
                return unit;
            }
        }
        var units = days ? "ms, s, m, h or d" : "ns, us, ms, s, m or h";
        var problem = symbol.isEmpty() ? "a unit is missing" : "unknown unit \"" + symbol + "\"";
        throw fault(start, problem + "; expected " + units);
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private ScheduleException fault(int position, String problem) {
        return new ScheduleException(
                "duration \"%s\" (position %d): %s".formatted(text, offset + position + 1, problem),
                offset + position);
    }
}
