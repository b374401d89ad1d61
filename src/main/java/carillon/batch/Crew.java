package carillon.batch;

import static java.util.Objects.requireNonNull;

import carillon.ai.Model;
import carillon.ai.Spending;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.BitSet;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;

/// Asks the rows of an input, as many at once as it may, each on a virtual thread of its own.
final class Crew {
    private static final long GLANCE_MILLIS = 200;
    private static final int MAX_ERROR = 1_000;

    private final Work work;
    private final int concurrency;
    private final Semaphore slots;
    private final CountDownLatch stop;
    private final Duration patience;
    private final AtomicBoolean abandoned = new AtomicBoolean();
    private final AtomicReference<Optional<RuntimeException>> broken =
            new AtomicReference<>(Optional.empty());

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
        this.slots = new Semaphore(concurrency);
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
    }

    private boolean isStopped() {
        return stop.getCount() == 0;
    }

    /// Returns when nothing is under way any more. What is answered already, or by the `parcels`,
    /// is not asked.
    End askAll(Rows rows, Known known, Parcels parcels) throws IOException, InterruptedException {
        var threads = Executors.newVirtualThreadPerTaskExecutor();
        End end;
        try {
            end = begin(rows, known, parcels, threads);
            awaitAll();
        } catch (BatchException e) {
            stop.countDown(); // What is under way has cost money: its answers are still kept.
            awaitAll();
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
        return abandoned.get() ? End.STOPPED : end;
    }

    /// What is known before the first row is asked.
    record Known(RowRules rules, BitSet repeated, Answered answered) {}

    private End begin(Rows rows, Known known, Parcels parcels, ExecutorService threads)
            throws IOException, InterruptedException {
        long index = 0;
        for (var next = rows.next(); next.isPresent(); next = rows.next()) {
            long current = index++;
            var reading = next.get();
            var answer = answer(reading, known.answered);
            if (work.recorder.isDone(current)) {
                continue;
            }
            work.recorder.awaitRoom(current);
            if (isStopped()) {
                return End.STOPPED;
            }
            switch (reading) {
                case RowReading.Bad bad -> work.recorder.add(unasked(current, bad));
                case RowReading.Good(var row) when known.repeated.get((int) row.number()) ->
                        work.recorder.add(unasked(current, row));
                case RowReading.Good _ when answer.isPresent() ->
                        work.recorder.add(new Line(current, true, Spending.NONE, answer.get()));
                case RowReading.Good(var row) -> {
                    var came = parcels.answer(current, known.rules);
                    if (came.isPresent()) {
                        work.recorder.add(line(current, row, came.get()));
                        continue;
                    }
                    var refused = ask(current, row, known.rules, threads);
                    if (refused.isPresent()) {
                        return refused.get();
                    }
                }
            }
        }
        return End.ALL_ASKED;
    }

    private Line line(long index, Row row, Unpacked.Answer came) {
        var result =
                new Result(
                        row.id(),
                        Optional.of(row),
                        Optional.of(came.text()),
                        "",
                        came.spending(),
                        came.model(),
                        0,
                        work.time.instant().truncatedTo(ChronoUnit.MILLIS));
        return Line.of(index, work.format, result);
    }

    private static Optional<byte[]> answer(RowReading reading, Answered answered) {
        return reading instanceof RowReading.Good(var row) ? answered.line(row) : Optional.empty();
    }

    /// Begins to ask a row when there is room and money for it. Returns why it did not, or nothing.
    private Optional<End> ask(long index, Row row, RowRules rules, ExecutorService threads)
            throws InterruptedException {
        var name = rules.modelFor(row.choices().model()).orElseThrow();
        var model = rules.find(name);
        if (model.isEmpty()) {
            throw new BatchException(BatchEnd.Cause.SETTINGS, "the model '" + name + "' has gone");
        }
        long estimate = Purse.estimate(model.get(), row);
        if (!takeSlot()) {
            return Optional.of(End.STOPPED);
        }
        if (!work.purse.reserve(estimate)) {
            slots.release();
            return Optional.of(isStopped() ? End.STOPPED : End.OUT_OF_BUDGET);
        }
        threads.execute(() -> ask(index, model.get(), row, estimate));
        return Optional.empty();
    }

    private Line unasked(long index, RowReading.Bad bad) {
        var error =
                bad.problems().stream()
                        .map(
                                problem ->
                                        problem.column().isEmpty()
                                                ? problem.message()
                                                : problem.column() + ": " + problem.message())
                        .collect(Collectors.joining("; "));
        var shown = error.length() > MAX_ERROR ? error.substring(0, MAX_ERROR) + "…" : error;
        var now = work.time.instant().truncatedTo(ChronoUnit.MILLIS);
        return Line.of(
                index,
                work.format,
                Result.unasked(
                        bad.id(), Optional.empty(), "row " + bad.number() + ": " + shown, now));
    }

    private Line unasked(long index, Row row) {
        var error = "row " + row.number() + ": an earlier row has the same id or idempotency key";
        var now = work.time.instant().truncatedTo(ChronoUnit.MILLIS);
        return Line.of(index, work.format, Result.unasked(row.id(), Optional.of(row), error, now));
    }

    /// Returns false when the batch stops.
    private boolean takeSlot() throws InterruptedException {
        while (!slots.tryAcquire(GLANCE_MILLIS, TimeUnit.MILLISECONDS)) {
            if (isStopped()) {
                return false;
            }
        }
        return true;
    }

    private void ask(long index, Model model, Row row, long estimate) {
        long cost = 0;
        boolean recorded = false;
        try {
            var done = work.attempts.ask(model, row);
            if (done.isEmpty()) {
                return;
            }
            var result = done.get().result();
            cost =
                    result.spending().costNanodollars().orElse(0)
                            + done.get().uncounted() * estimate;
            work.recorder.add(Line.of(index, work.format, result));
            recorded = true;
        } catch (InterruptedException _) {
            // The patience with it was over: it is asked again when the batch goes on.
        } catch (RuntimeException e) {
            broken.updateAndGet(first -> first.or(() -> Optional.of(e)));
            stop.countDown();
            wake();
        } finally {
            if (!recorded) {
                abandoned.set(true);
            }
            work.purse.settle(estimate, cost);
            slots.release();
        }
    }

    /// After a stop, at most for as long as the patience lasts.
    private void awaitAll() throws InterruptedException {
        long stopped = Long.MAX_VALUE;
        while (!slots.tryAcquire(concurrency, GLANCE_MILLIS, TimeUnit.MILLISECONDS)) {
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
