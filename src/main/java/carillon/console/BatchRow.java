package carillon.console;

import static java.util.Objects.requireNonNull;

import carillon.batch.Batches;
import carillon.batch.Standing;
import carillon.batch.Totals;
import java.util.Locale;
import java.util.Optional;

/// A batch as one row of a table: how far its newest run is. `total` is 0 while it is not known how
/// many rows there are.
public record BatchRow(
        long id,
        String name,
        String status,
        long done,
        long total,
        long failed,
        Pace pace,
        String cost) {
    public BatchRow {
        requireNonNull(name, "name");
        requireNonNull(status, "status");
        requireNonNull(pace, "pace");
        requireNonNull(cost, "cost");
    }

    /// How fast it goes, and when it will have ended if it goes on like this.
    public record Pace(String rate, String end) {}

    static BatchRow of(Batches.Shown shown) {
        var totals = shown.standing().map(Standing::totals).orElse(Totals.NONE);
        var known = shown.standing().filter(one -> one.rows() > 0);
        boolean goes = shown.open().isPresent() && !shown.isPaused();
        var pace =
                new Pace(
                        known.map(Standing::rate)
                                .filter(rate -> rate > 0)
                                .map(BatchRow::words)
                                .orElse(Words.NOTHING),
                        Words.time(goes ? known.flatMap(Standing::end) : Optional.empty()));
        return new BatchRow(
                shown.task().id().value(),
                shown.task().definition().name(),
                shown.status(),
                totals.rows(),
                known.map(Standing::rows).orElse(0L),
                totals.failed(),
                pace,
                Words.money(totals.costNanodollars()));
    }

    private static String words(double rate) {
        return rate < 10
                ? String.format(Locale.ROOT, "%.1f a second", rate)
                : Words.number(Math.round(rate)) + " a second";
    }

    /// The state as the style sheet names it.
    public String tone() {
        return switch (status) {
            case "pending" -> "queued";
            case "paused" -> "skipped";
            default -> status;
        };
    }

    /// Such as `1,200 of 5,000`.
    public String rows() {
        return Words.number(done) + (total > 0 ? " of " + Words.number(total) : "");
    }

    /// As the style sheet names it.
    public String failedTone() {
        return failed > 0 ? "tone-failed" : "tone-none";
    }

    public String failures() {
        return Words.number(failed);
    }
}
