package carillon.quota;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/// What a provider said is left of a limit, and until when that holds.
public record Left(long count, Instant until) {
    public static final Left UNKNOWN = new Left(0, Instant.EPOCH);

    public Left {
        requireNonNull(until, "until");
        if (count < 0) {
            throw new IllegalArgumentException("at least 0 left: " + count);
        }
    }

    public boolean isKnown(Instant now) {
        return until.isAfter(now);
    }

    boolean isEnough(long wanted, Instant now) {
        return !isKnown(now) || count >= wanted;
    }

    /// After some of it has been taken.
    Left less(long taken) {
        return new Left(Math.max(0, count - taken), until);
    }
}
