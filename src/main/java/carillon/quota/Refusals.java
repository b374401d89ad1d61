package carillon.quota;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/// What a provider's refusals ("too many requests") have led to. Nothing is asked before `until`;
/// then one call is made at first, and more at the same time as they are answered: one more for
/// each answer up to `threshold`, from there on one more for as many answers as there are calls
/// (the way in which TCP finds out what a network can take). A minute after `until` all that is
/// forgotten. `since` is the newest refusal of a call that was begun after the one before it, and
/// `inARow` how many of these came without an answer between them.
public record Refusals(
        Instant since, Instant until, int inARow, long slots, long threshold, long grown) {
    public static final Refusals NONE =
            new Refusals(Instant.EPOCH, Instant.EPOCH, 0, Long.MAX_VALUE, Long.MAX_VALUE, 0);

    /// The longest wait that a provider can ask for.
    public static final Duration MAX_WAIT = Duration.ofHours(24);

    private static final Duration FIRST_WAIT = Duration.ofSeconds(1);
    private static final int MAX_DOUBLINGS = 6;
    private static final Duration REMEMBERED = Duration.ofMinutes(1);

    public Refusals {
        requireNonNull(since, "since");
        requireNonNull(until, "until");
        if (inARow < 0 || slots < 1 || threshold < 1 || grown < 0) {
            throw new IllegalArgumentException("from 0, 1, 1 and 0");
        }
    }

    boolean areRemembered(Instant now) {
        return now.isBefore(until.plus(REMEMBERED));
    }

    /// How many calls may be made at the same time; empty when there is no such bound.
    OptionalLong slots(Instant now) {
        return areRemembered(now) ? OptionalLong.of(slots) : OptionalLong.empty();
    }

    /// After a refusal of a call that began at `began`. `asked` is the wait that the provider asked
    /// for; without one it is a second, and twice as long each time, up to about a minute.
    Refusals and(Instant began, Optional<Duration> asked, long inFlight, Instant now) {
        boolean isNew = !areRemembered(now) || began.isAfter(since);
        int count = isNew ? inARow + 1 : inARow;
        var wait = asked.orElse(FIRST_WAIT.multipliedBy(1L << Math.min(count - 1, MAX_DOUBLINGS)));
        var end = now.plus(wait.compareTo(MAX_WAIT) > 0 ? MAX_WAIT : wait);
        var latest = end.isAfter(until) ? end : until;
        if (!isNew) {
            return new Refusals(since, latest, inARow, slots, threshold, grown);
        }
        long before = areRemembered(now) ? Math.min(slots, inFlight) : inFlight;
        return new Refusals(now, latest, count, 1, Math.max(1, before / 2), 0);
    }

    /// After an answer to a call that began at `began`.
    Refusals answered(Instant began, Instant now) {
        if (!areRemembered(now)) {
            return NONE;
        }
        if (!began.isAfter(since)) {
            return this; // It tells nothing of what can be borne now.
        }
        if (slots < threshold) {
            return new Refusals(since, until, 0, slots + 1, threshold, 0);
        }
        return grown + 1 < slots
                ? new Refusals(since, until, 0, slots, threshold, grown + 1)
                : new Refusals(since, until, 0, slots + 1, threshold, 0);
    }
}
