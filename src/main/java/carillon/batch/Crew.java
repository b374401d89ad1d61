package carillon.batch;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.BitSet;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/// Asks the rows of an input, as many at once as it has members. Each member is a virtual thread
/// that takes one row after the other: to wake a reader for each row would cost more than to read.
final class Crew {
    private static final long GLANCE_MILLIS = 200;

    private final Work work;
    private final int concurrency;
    private final CountDownLatch stop;
    private final Duration patience;
    private final AtomicBoolean abandoned = new AtomicBoolean();
    private final AtomicReference<Optional<RuntimeException>> broken =
            new AtomicReference<>(Optional.empty());
    private volatile Optional<Turns> turns = Optional.empty();

    /// What a row goes through.
    record Work(
            Attempts attempts, Recorder recorder, Purse purse, Format format, InstantSource time) {
        Work {
            requireNonNull(attempts, "attempts");
            requireNonNull(recorder, "recorder");
            requireNonNull(purse, "purse");
            requireNonNull(format, "format");
            requireNonNull(time, "time");
        }
    }

    enum End {
        ALL_ASKED,
        STOPPED,
        OUT_OF_BUDGET
    }

    /// Begins nothing after `stop`; calls under way then have `patience` left.
    Crew(Work work, int concurrency, CountDownLatch stop, Duration patience) {
        this.work = requireNonNull(work, "work");
        this.concurrency = concurrency;
        this.stop = requireNonNull(stop, "stop");
        this.patience = requireNonNull(patience, "patience");
    }

    Totals totals() {
        return work.recorder.totals();
    }

    /// To be called after the stop.
    void wake() {
        work.recorder.wake();
        work.purse.close();
        turns.ifPresent(Turns::wake);
    }

    private boolean isStopped() {
        return stop.getCount() == 0;
    }

    /// What is known before the first row is asked.
    record Known(RowRules rules, BitSet repeated, Answered answered) {}

    /// Returns when nothing is under way any more. What is answered already, or by the `parcels`,
    /// is not asked.
    End askAll(Rows rows, Known known, Parcels parcels) throws IOException, InterruptedException {
        var reading = new Turns(work, known, parcels, 2 * concurrency, this::isStopped);
        turns = Optional.of(reading);
        var members = new CountDownLatch(concurrency);
        var threads = Executors.newVirtualThreadPerTaskExecutor();
        End end;
        try {
            for (int i = 0; i < concurrency; i++) {
                threads.execute(() -> askInTurn(reading, members));
            }
            end = reading.readAll(rows);
            await(members);
        } catch (BatchException e) {
            stop.countDown(); // What is under way has cost money: its answers are still kept.
            await(members);
            throw e;
        } finally {
            threads.shutdownNow();
        }
        boolean over = threads.awaitTermination(patience.toMillis() + 1_000, TimeUnit.MILLISECONDS);
        if (!over) {
            throw new IllegalStateException("calls under way do not end");
        }
        broken.get()
                .ifPresent(
                        failure -> {
                            throw failure;
                        });
        return abandoned.get() || reading.isAnyLeft() ? End.STOPPED : end;
    }

    private void askInTurn(Turns turns, CountDownLatch members) {
        try {
            for (var turn = turns.next(); turn.isPresent(); turn = turns.next()) {
                ask(turn.get());
            }
        } catch (InterruptedException _) {
            // The patience with it was over: its row is asked again when the batch goes on.
        } catch (RuntimeException e) {
            broken.updateAndGet(first -> first.or(() -> Optional.of(e)));
            stop.countDown();
            wake();
        } finally {
            members.countDown();
        }
    }

    private void ask(Turns.Turn turn) throws InterruptedException {
        long cost = 0;
        boolean recorded = false;
        try {
            var done = work.attempts.ask(turn.model(), turn.row());
            if (done.isEmpty()) {
                return;
            }
            var result = done.get().result();
            cost =
                    result.spending().costNanodollars().orElse(0)
                            + done.get().uncounted() * turn.estimate();
            work.recorder.add(Line.of(turn.index(), work.format, result));
            recorded = true;
        } finally {
            if (!recorded) {
                abandoned.set(true);
            }
            work.purse.settle(turn.estimate(), cost);
        }
    }

    /// After a stop, at most for as long as the patience lasts.
    private void await(CountDownLatch members) throws InterruptedException {
        long stopped = Long.MAX_VALUE;
        while (!members.await(GLANCE_MILLIS, TimeUnit.MILLISECONDS)) {
            if (!isStopped()) {
                continue;
            }
            stopped = stopped == Long.MAX_VALUE ? System.nanoTime() : stopped;
            if (System.nanoTime() - stopped > patience.toNanos()) {
                return;
            }
        }
    }
}
