package carillon.console;

import carillon.budget.Money;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

/// Times, durations and states as people read them. Times are in UTC.
final class Words {
    static final String NOTHING = "–";

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    private Words() {}

    static String time(Instant instant) {
        return TIME.format(instant);
    }

    static String time(Optional<Instant> instant) {
        return instant.map(Words::time).orElse(NOTHING);
    }

    /// To three digits or so: `0 ms`, `340 ms`, `2.4 s`, `3 min 5 s`, `2 h 10 min`, `3 d 4 h`.
    static String duration(Duration duration) {
        if (duration.isNegative()) {
            return "-" + duration(duration.negated());
        }
        if (duration.compareTo(Duration.ofSeconds(1)) < 0) {
            return duration.toMillis() + " ms";
        }
        if (duration.compareTo(Duration.ofMinutes(1)) < 0) {
            return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1_000.0);
        }
        if (duration.compareTo(Duration.ofHours(1)) < 0) {
            return duration.toMinutes() + " min " + duration.toSecondsPart() + " s";
        }
        if (duration.compareTo(Duration.ofDays(1)) < 0) {
            return duration.toHours() + " h " + duration.toMinutesPart() + " min";
        }
        return duration.toDays() + " d " + duration.toHoursPart() + " h";
    }

    static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /// In dollars: to the cent from a dollar on, else to three digits.
    static String money(long nanodollars) {
        var exact = Money.dollars(nanodollars);
        boolean small = exact.abs().compareTo(BigDecimal.ONE) < 0;
        var round =
                small
                        ? exact.round(new MathContext(SMALL_DIGITS)).stripTrailingZeros()
                        : exact.setScale(2, RoundingMode.HALF_UP);
        return "$" + (round.scale() < 2 ? round.setScale(2) : round).toPlainString();
    }

    private static final int SMALL_DIGITS = 3;

    /// Text for one cell of a table: one line, and not long.
    static String brief(String text) {
        var line = text.replaceAll("\\s+", " ").strip();
        return line.length() > MAX_BRIEF ? line.substring(0, MAX_BRIEF) + "…" : line;
    }

    private static final int MAX_BRIEF = 160;
}
