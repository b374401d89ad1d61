package carillon.store;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;

/// What this node has written since it started.
public final class WriteFigures {
    private final LongAdder commits = new LongAdder();
    private final LongAdder writes = new LongAdder();
    private final LongAdder nanos = new LongAdder();
    private final LongAdder purges = new LongAdder();
    private final LongAdder purgeNanos = new LongAdder();
    private final LongAccumulator longestPurge = new LongAccumulator(Math::max, 0);
    private final Map<String, LongAdder> events = new ConcurrentHashMap<>();

    WriteFigures() {}

    /// So many writes became durable together, with these events.
    void committed(int together, long tookNanos, EventPage page) {
        commits.increment();
        writes.add(together);
        nanos.add(tookNanos);
        page.counts()
                .forEach(
                        (type, count) ->
                                events.computeIfAbsent(type, _ -> new LongAdder()).add(count));
    }

    /// A write that forgets was under way for so long, from its first statement until its end.
    void purged(long tookNanos) {
        purges.increment();
        purgeNanos.add(tookNanos);
        longestPurge.accumulate(tookNanos);
    }

    /// Transactions that became durable.
    public long commits() {
        return commits.sum();
    }

    /// Writes in them: SQLite's come together when there are many.
    public long writes() {
        return writes.sum();
    }

    /// What the transactions took, in nanoseconds.
    public long nanos() {
        return nanos.sum();
    }

    /// Writes that forgot something old.
    public long purges() {
        return purges.sum();
    }

    /// What these took, in nanoseconds.
    public long purgeNanos() {
        return purgeNanos.sum();
    }

    /// What the longest of these took, in nanoseconds.
    public long longestPurgeNanos() {
        return longestPurge.get();
    }

    /// What happened to so many runs, such as `run.succeeded`, or to a task.
    public long events(String type) {
        var count = events.get(type);
        return count == null ? 0 : count.sum();
    }

    /// The states in which a run has ended, as in the types of events.
    public static List<String> ends() {
        return List.of("succeeded", "failed", "cancelled", "skipped", "missed");
    }
}
