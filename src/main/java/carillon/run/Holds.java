package carillon.run;

import static java.util.Objects.requireNonNull;

import carillon.cluster.Hold;
import carillon.cluster.HoldStore;
import carillon.task.Task;
import carillon.task.TaskStore;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// What waits while all nodes are held, and the end of that.
public final class Holds {
    private static final int PAGE = 500;
    private static final String SKIPPED = "missed while held, and skipped at the release";
    private static final String CANCELLED = "open when the backup was made, and skipped at release";

    private final HoldStore store;
    private final TaskStore tasks;
    private final SlotStore slots;
    private final Runs runs;
    private final InstantSource time;

    public Holds(HoldStore store, TaskStore tasks, SlotStore slots, Runs runs, InstantSource time) {
        this.store = requireNonNull(store, "store");
        this.tasks = requireNonNull(tasks, "tasks");
        this.slots = requireNonNull(slots, "slots");
        this.runs = requireNonNull(runs, "runs");
        this.time = requireNonNull(time, "time");
    }

    /// What becomes of the fire times that have passed, and of runs that had not ended.
    public enum Missed {
        /// None runs: they are SKIPPED in the ledger, and the runs CANCELLED.
        SKIP,
        /// Each task's misfire policy decides, and the runs go on.
        RUN
    }

    /// A task whose next fire time has passed: how many fire times did, and how many of them would
    /// run. Not `whole`: at least so many.
    public record Overdue(Task task, long passed, long wouldRun, boolean whole) {
        public Overdue {
            requireNonNull(task, "task");
        }
    }

    /// Empty when nothing is held.
    public Optional<Hold> current() {
        return store.find();
    }

    /// At most `limit` tasks, those that have waited longest first.
    public List<Overdue> overdue(int limit) {
        var now = time.instant();
        return overdue(now, limit).stream().map(task -> overdue(task, now)).toList();
    }

    /// How many runs had not ended when the backup was made.
    public long openRuns() {
        return runs.count(open());
    }

    /// Ends the hold. What is skipped is written before, so that after a crash in between all is
    /// still held and can be released again. Returns false when nothing was held.
    public boolean release(Missed missed) {
        if (store.find().isEmpty()) {
            return false;
        }
        if (missed == Missed.SKIP) {
            cancelOpen();
            skipPassed();
        }
        return store.release(
                switch (missed) {
                    case SKIP -> "missed fire times are skipped";
                    case RUN -> "missed fire times run as their tasks say";
                });
    }

    private void cancelOpen() {
        boolean found = true;
        while (found) {
            found = false;
            for (var run : runs.list(open())) {
                found |= runs.cancel(run.id(), CANCELLED) instanceof Runs.Cancelled.Done;
            }
        }
    }

    private void skipPassed() {
        var now = time.instant();
        var left = overdue(now, PAGE);
        while (!left.isEmpty()) {
            for (var task : left) {
                slots.planOne(task.id(), found -> SlotDecision.skipping(found, now, SKIPPED));
            }
            left = overdue(now, PAGE);
        }
    }

    private List<Task> overdue(Instant now, int limit) {
        return tasks.nextToRun(Optional.empty(), limit).stream()
                .filter(task -> isPassed(task.progress().nextFireAt(), now))
                .toList();
    }

    private static Overdue overdue(Task task, Instant now) {
        var plan = SlotDecision.of(task, now, now);
        long passed = 0;
        long wouldRun = 0;
        for (var slot : plan.slots()) {
            switch (slot) {
                case Plan.Slot.Open _ -> {
                    passed++;
                    wouldRun++;
                }
                case Plan.Slot.Closed closed -> passed += closed.count();
            }
        }
        return new Overdue(task, passed, wouldRun, !isPassed(plan.nextFireAt(), now));
    }

    private static boolean isPassed(Optional<Instant> at, Instant now) {
        return at.filter(instant -> !instant.isAfter(now)).isPresent();
    }

    private static RunQuery open() {
        var states = Set.of(RunState.QUEUED, RunState.RUNNING);
        return new RunQuery(Optional.empty(), states, OptionalLong.empty(), 0, PAGE);
    }
}
