package carillon.run;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;

/// The account of a task's fire times in a range: how many its schedule named, counted from the
/// schedule alone, and what became of them, counted from the rows. `open` are those that are
/// queued, running, or due and not yet planned. The range is the one asked for, less what has been
/// pruned and what is still to come.
public record Ledger(
        Instant from, Instant to, long expected, Map<RunState, Long> ended, long open) {
    public Ledger {
        requireNonNull(from, "from");
        requireNonNull(to, "to");
        ended = Map.copyOf(ended);
    }

    /// How many slots ended in this state.
    public long in(RunState state) {
        return ended.getOrDefault(state, 0L);
    }

    /// expected = succeeded + failed + cancelled + skipped + missed + open.
    public boolean addsUp() {
        return expected == ended.values().stream().mapToLong(Long::longValue).sum() + open;
    }

    /// The accounts of several tasks as one, over the range of the first.
    public Ledger plus(Ledger other) {
        var sum = new EnumMap<RunState, Long>(RunState.class);
        ended.forEach((state, count) -> sum.merge(state, count, Long::sum));
        other.ended.forEach((state, count) -> sum.merge(state, count, Long::sum));
        return new Ledger(from, to, expected + other.expected, sum, open + other.open);
    }
}
