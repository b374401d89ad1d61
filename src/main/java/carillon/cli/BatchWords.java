package carillon.cli;

import carillon.batch.Batch;
import carillon.batch.RowProblems;
import carillon.batch.Totals;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;

/// What people are told about a batch.
public final class BatchWords {
    private static final int NANO = 9;
    private static final int CENTS_OF_CENTS = 4;

    private BatchWords() {}

    /// `12,000 rows: 11,998 answered, 2 failed, 340,000 tokens, $1.2300`.
    public static String totals(Totals totals) {
        long tokens = totals.inputTokens() + totals.outputTokens();
        var words =
                count(totals.rows())
                        + " rows: "
                        + count(totals.succeeded())
                        + " answered, "
                        + count(totals.failed())
                        + " failed, "
                        + count(tokens)
                        + " tokens";
        return totals.costNanodollars() == 0 ? words : words + ", " + money(totals);
    }

    static String money(Totals totals) {
        var dollars = BigDecimal.valueOf(totals.costNanodollars(), NANO);
        return "$" + dollars.setScale(CENTS_OF_CENTS, RoundingMode.HALF_UP).toPlainString();
    }

    static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /// How far a batch is after `elapsed`: done, rate, cost and how long it will still take.
    static String progress(Batch.Progress progress, Duration elapsed) {
        var totals = progress.totals();
        double percent = progress.rows() == 0 ? 100 : 100.0 * totals.rows() / progress.rows();
        double rate = (totals.rows() - progress.resumed()) / Math.max(0.001, seconds(elapsed));
        var words =
                String.format(
                        Locale.ROOT,
                        "%,d of %,d rows (%.0f%%), %,d failed, %,.1f rows/s, %s",
                        totals.rows(),
                        progress.rows(),
                        percent,
                        totals.failed(),
                        rate,
                        money(totals));
        long left = progress.rows() - totals.rows();
        return rate <= 0 || left == 0 ? words : words + ", about " + length(left / rate) + " left";
    }

    private static double seconds(Duration length) {
        return length.toNanos() / 1e9;
    }

    private static String length(double seconds) {
        long whole = Math.max(1, (long) seconds);
        if (whole < 60) {
            return whole + " s";
        }
        return whole < 3600
                ? whole / 60 + " min " + whole % 60 + " s"
                : whole / 3600 + " h " + whole % 3600 / 60 + " min";
    }

    /// Every problem that was kept, one a line, and how many there are.
    public static void tell(RowProblems problems, Path input, PrintWriter out) {
        problems.kept().forEach(problem -> out.println(input + ": " + problem));
        long more = problems.count() - problems.kept().size();
        if (more > 0) {
            out.println("… and " + count(more) + " more");
        }
    }
}
