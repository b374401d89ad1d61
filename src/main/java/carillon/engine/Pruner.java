package carillon.engine;

import carillon.event.EventStore;
import carillon.run.RunStore;
import java.time.Duration;
import java.time.Instant;

/// Forgets history that is older than the retention, in short transactions.
public final class Pruner implements Duty {
    /// Events are for those who watch, and for those who were away for a moment.
    static final Duration EVENTS_KEPT = Duration.ofHours(1);

    private static final Duration PERIOD = Duration.ofMinutes(1);
    private static final Duration BETWEEN_BATCHES = Duration.ofMillis(20);
    private static final int MAX_BATCH = 500;

    private final RunStore runs;
    private final EventStore events;
    private final Retention retention;

    /// Ended runs are kept for `age`, and at most `runsPerTask` of each task.
    public record Retention(Duration age, int runsPerTask) {
        public static final Retention DEFAULT = new Retention(RunStore.DEFAULT_RETENTION, 1_000);
    }

    public Pruner(RunStore runs, EventStore events, Retention retention) {
        this.runs = runs;
        this.events = events;
        this.retention = retention;
    }

    @Override
    public Instant runOnce(Instant now) {
        int pruned = runs.prune(now.minus(retention.age), retention.runsPerTask, MAX_BATCH);
        int events = this.events.prune(now.minus(EVENTS_KEPT), MAX_BATCH);
        boolean more = pruned >= MAX_BATCH || events >= MAX_BATCH;
        return now.plus(more ? BETWEEN_BATCHES : PERIOD);
    }
}
