package carillon.batch;

import static java.util.Objects.requireNonNull;

import carillon.ai.Model;
import carillon.ai.Spending;
import java.io.IOException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/// Reads the rows of an input a little ahead of those who ask them. Rows that are not to be asked
/// are recorded on the way.
final class Turns {
    private static final int MAX_ERROR = 1_000;

    private final Crew.Work work;
    private final Crew.Known known;
    private final Parcels parcels;
    private final int ahead;
    private final BooleanSupplier stopped;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition room = lock.newCondition();
    private final Condition arrived = lock.newCondition();

    // Guarded by the lock.
    private final ArrayDeque<Turn> read = new ArrayDeque<>();
    private boolean over;

    /// A row to ask. `estimate` is what was put aside for it in the purse, in nanodollars.
    record Turn(long index, Model model, Row row, long estimate) {}

    /// Reads at most `ahead` rows further than is asked.
    Turns(Crew.Work work, Crew.Known known, Parcels parcels, int ahead, BooleanSupplier stopped) {
        this.work = requireNonNull(work, "work");
        this.known = requireNonNull(known, "known");
        this.parcels = requireNonNull(parcels, "parcels");
        this.ahead = ahead;
        this.stopped = requireNonNull(stopped, "stopped");
    }

    /// The next row to ask, for any thread; empty when there is none any more.
    Optional<Turn> next() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (read.isEmpty() && !over) {
                arrived.await();
            }
            var next = stopped.getAsBoolean() ? Optional.<Turn>empty() : poll();
            if (read.size() <= ahead / 2) {
                room.signalAll();
            }
            return next;
        } finally {
            lock.unlock();
        }
    }

    /// Whether rows were read that nobody took.
    boolean isAnyLeft() {
        lock.lock();
        try {
            return !read.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    private Optional<Turn> poll() {
        return Optional.ofNullable(read.poll());
    }

    /// Waits for room for several rows: to be woken for each costs more than to read it.
    private void add(Turn turn) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            if (read.size() >= ahead) {
                while (read.size() > ahead / 2 && !stopped.getAsBoolean()) {
                    room.await();
                }
            }
            read.add(turn);
            arrived.signal();
        } finally {
            lock.unlock();
        }
    }

    /// To be called after the stop.
    void wake() {
        lock.lock();
        try {
            room.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Reads all rows; returns why no more are to be asked.
    Crew.End readAll(Rows rows) throws IOException, InterruptedException {
        try {
            return read(rows);
        } finally {
            lock.lock();
            try {
                over = true;
                arrived.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    private Crew.End read(Rows rows) throws IOException, InterruptedException {
        long index = 0;
        for (var next = rows.next(); next.isPresent(); next = rows.next()) {
            long current = index++;
            var reading = next.get();
            var answer = answer(reading); // In step with the rows, whether it is wanted or not.
            if (work.recorder().isDone(current)) {
                continue;
            }
            work.recorder().awaitRoom(current);
            if (stopped.getAsBoolean()) {
                return Crew.End.STOPPED;
            }
            var line = known(current, reading, answer);
            if (line.isPresent()) {
                work.recorder().add(line.get());
            } else if (reading instanceof RowReading.Good(var row) && !isPaid(current, row)) {
                return stopped.getAsBoolean() ? Crew.End.STOPPED : Crew.End.OUT_OF_BUDGET;
            }
        }
        return Crew.End.ALL_ASKED;
    }

    /// Gives the row its turn when there is money for it.
    private boolean isPaid(long index, Row row) throws InterruptedException {
        var name = known.rules().modelFor(row.choices().model()).orElseThrow();
        var model = known.rules().find(name);
        if (model.isEmpty()) {
            throw new BatchException(BatchEnd.Cause.SETTINGS, "the model '" + name + "' has gone");
        }
        long estimate = Purse.estimate(model.get(), row);
        boolean paid = work.purse().reserve(estimate);
        if (paid) {
            add(new Turn(index, model.get(), row, estimate));
        }
        return paid;
    }

    private Optional<byte[]> answer(RowReading reading) {
        return reading instanceof RowReading.Good(var row)
                ? known.answered().line(row)
                : Optional.empty();
    }

    /// The line of a row that need not be asked.
    private Optional<Line> known(long index, RowReading reading, Optional<byte[]> answer)
            throws IOException {
        return switch (reading) {
            case RowReading.Bad bad -> Optional.of(unasked(index, bad));
            case RowReading.Good(var row) when known.repeated().get((int) row.number()) ->
                    Optional.of(unasked(index, row));
            case RowReading.Good _ when answer.isPresent() ->
                    Optional.of(new Line(index, true, Spending.NONE, answer.get()));
            case RowReading.Good(var row) ->
                    parcels.answer(index, known.rules()).map(came -> line(index, row, came));
        };
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
                        work.time().instant().truncatedTo(ChronoUnit.MILLIS));
        return Line.of(index, work.format(), result);
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
        var now = work.time().instant().truncatedTo(ChronoUnit.MILLIS);
        return Line.of(
                index,
                work.format(),
                Result.unasked(
                        bad.id(), Optional.empty(), "row " + bad.number() + ": " + shown, now));
    }

    private Line unasked(long index, Row row) {
        var error = "row " + row.number() + ": an earlier row has the same id or idempotency key";
        var now = work.time().instant().truncatedTo(ChronoUnit.MILLIS);
        return Line.of(
                index, work.format(), Result.unasked(row.id(), Optional.of(row), error, now));
    }
}
