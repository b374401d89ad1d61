package carillon.perform;

import carillon.batch.Batch;
import carillon.batch.BatchEnd;
import carillon.batch.BatchStore;
import carillon.batch.Standing;
import carillon.batch.Standing.Mark;
import carillon.batch.Totals;
import carillon.budget.Cashier.Grant;
import carillon.run.Lease;
import carillon.run.ModelUse;
import carillon.run.Outcome;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/// Watches over the batch of one attempt: writes down how far it is, and stops it when it is to
/// pause, when there is no money, when the attempt's time is nearly over, and when the node stops.
final class BatchWatch {
    private static final Logger log = System.getLogger(BatchWatch.class.getName());
    private static final Duration PERIOD = Duration.ofMillis(500);
    private static final Duration MOST_PATIENCE = Duration.ofSeconds(10);

    private final Lease lease;
    private final Pauses pauses;
    private final BatchStore store;
    private final InstantSource time;
    private final Instant began;
    private final CountDownLatch over = new CountDownLatch(1);
    private final AtomicReference<Optional<Stop>> why = new AtomicReference<>(Optional.empty());
    private final ReentrantLock writing = new ReentrantLock();
    private volatile Optional<Batch> watched = Optional.empty();

    /// Guarded by the lock: after the last word nothing that was read earlier may follow.
    private boolean told;

    /// Why a batch was stopped before it was whole.
    private sealed interface Stop {
        record Paused() implements Stop {}

        record Broke(Grant.Refused refused) implements Stop {}

        record GoesOnLater(String reason) implements Stop {}
    }

    BatchWatch(Lease lease, Pauses pauses, BatchStore store, InstantSource time) {
        this.lease = lease;
        this.pauses = pauses;
        this.store = store;
        this.time = time;
        this.began = time.instant();
    }

    /// How long calls under way may take when the batch is stopped.
    Duration patience() {
        var part = timeout().dividedBy(10);
        return part.compareTo(MOST_PATIENCE) < 0 ? part : MOST_PATIENCE;
    }

    private Duration timeout() {
        return lease.definition().policies().timeout();
    }

    /// Begins to watch; closing ends that.
    AutoCloseableWatch over(Batch batch) {
        watched = Optional.of(batch);
        write(false, () -> batch.progress().totals());
        var watcher = Thread.ofVirtual().start(this::watch);
        return () -> {
            over.countDown();
            watcher.interrupt();
        };
    }

    /// What ends a watch.
    interface AutoCloseableWatch extends AutoCloseable {
        @Override
        void close();
    }

    private void watch() {
        var until = began.plus(timeout()).minus(patience().multipliedBy(2));
        try {
            while (!over.await(PERIOD.toMillis(), TimeUnit.MILLISECONDS)) {
                if (time.instant().isAfter(until)) {
                    stop(new Stop.GoesOnLater("goes on in another attempt"));
                }
                watched.ifPresent(batch -> write(false, () -> batch.progress().totals()));
            }
        } catch (InterruptedException _) {
            // The batch has ended.
        }
    }

    /// A store that fails is asked again in a moment: the rows are safe without it.
    private void write(boolean last, Supplier<Totals> totals) {
        writing.lock();
        try {
            if (told) {
                return;
            }
            told = last;
            store.write(lease.run().id(), standing(Mark.GOES_ON, totals.get()));
            if (pauses.isPaused()) {
                stop(new Stop.Paused());
            }
        } catch (RuntimeException e) {
            log.log(Level.WARNING, "how far a batch is could not be written: " + e.getMessage());
        } finally {
            writing.unlock();
        }
    }

    private Standing standing(Mark mark, Totals totals) {
        var progress = watched.orElseThrow().progress();
        return new Standing(
                progress.rows(), totals, progress.resumed(), began, time.instant(), mark);
    }

    /// The output is in its place. Throws when that cannot be written down.
    void whole(Totals totals) {
        writing.lock();
        try {
            store.write(lease.run().id(), standing(Mark.WHOLE, totals));
            told = true;
        } finally {
            writing.unlock();
        }
    }

    /// There is no money for more rows.
    void broke(Grant.Refused refused) {
        stop(new Stop.Broke(refused));
    }

    /// The node stops.
    void stop() {
        stop(new Stop.GoesOnLater("goes on when the server does"));
    }

    private void stop(Stop reason) {
        why.updateAndGet(first -> first.or(() -> Optional.of(reason)));
        watched.ifPresent(Batch::stop);
    }

    /// What becomes of the attempt whose batch has come to this end.
    Outcome outcome(BatchEnd end, List<ModelUse> uses) {
        var now = time.instant();
        return switch (end) {
            case BatchEnd.Whole(var totals) -> BatchOutcomes.whole(totals, uses);
            case BatchEnd.BadRows(var problems) -> BatchOutcomes.badRows(problems);
            case BatchEnd.Refused refused -> BatchOutcomes.refused(refused, now, uses);
            case BatchEnd.OutOfBudget(var totals) -> stopped(totals, uses, now);
            case BatchEnd.Stopped(var totals) -> stopped(totals, uses, now);
        };
    }

    private Outcome stopped(Totals totals, List<ModelUse> uses, Instant now) {
        write(true, () -> totals);
        return switch (why.get().orElseGet(() -> new Stop.GoesOnLater("stopped"))) {
            case Stop.Paused() -> BatchOutcomes.paused(now, uses);
            case Stop.Broke(Grant.Later(var reason, var until)) ->
                    BatchOutcomes.later(reason, until, uses);
            case Stop.Broke(var refused) -> BatchOutcomes.broke(refused.reason(), totals, uses);
            case Stop.GoesOnLater(var reason) -> BatchOutcomes.later(reason, now, uses);
        };
    }
}
