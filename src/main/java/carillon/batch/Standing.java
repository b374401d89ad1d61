package carillon.batch;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// How far the batch of a run is, as it was last written down at `at`. `rows` is how many there
/// are, 0 while that is not known. `resumed` rows had been done when the work began that goes on
/// since `began`. `whole` says that the output is in its place.
public record Standing(
        long rows, Totals totals, long resumed, Instant began, Instant at, Mark mark) {
    /// What is to become of it, or has.
    public enum Mark {
        GOES_ON,
        PAUSED,
        WHOLE
    }

    public Standing {
        requireNonNull(totals, "totals");
        requireNonNull(began, "began");
        requireNonNull(at, "at");
        requireNonNull(mark, "mark");
    }

    /// Nothing has been done.
    public static Standing none(Instant now) {
        return new Standing(0, Totals.NONE, 0, now, now, Mark.GOES_ON);
    }

    /// Rows a second since the work began; 0 where nothing can be said.
    public double rate() {
        double seconds = Duration.between(began, at).toMillis() / 1_000.0;
        return seconds <= 0 ? 0 : Math.max(0, totals.rows() - resumed) / seconds;
    }

    /// When the last row will be done, if it goes on like this; empty where nothing can be said.
    public Optional<Instant> end() {
        double rate = rate();
        if (rate <= 0 || rows == 0) {
            return Optional.empty();
        }
        double seconds = Math.max(0, rows - totals.rows()) / rate;
        return Optional.of(at.plusMillis((long) Math.min(seconds * 1_000, 1e15)));
    }
}
