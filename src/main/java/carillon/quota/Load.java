package carillon.quota;

import java.time.Instant;
import java.util.List;

/// What is being used of a quota: the `uses` of the last minute by their seconds, the oldest first,
/// the calls in flight, and the runs that come before the one in question.
public record Load(List<Use> uses, long inFlight, Ahead ahead) {
    /// A use is counted until it is surely more than a minute ago.
    public static final long COUNTED_SECONDS = 61;

    public static final Load NONE = new Load(List.of(), 0, Ahead.NONE);

    /// What was let go in one second, by the seconds since 1970.
    public record Use(long second, long requests, long tokens) {
        Instant countedUntil() {
            return Instant.ofEpochSecond(second + COUNTED_SECONDS);
        }
    }

    /// How many runs come before, and how many tokens they are thought to take.
    public record Ahead(long calls, long tokens) {
        public static final Ahead NONE = new Ahead(0, 0);

        Ahead and(long more) {
            return new Ahead(calls + 1, tokens + more);
        }
    }

    public Load {
        uses = List.copyOf(uses);
    }

    public Load behind(Ahead others) {
        return new Load(uses, inFlight, others);
    }
}
