package carillon.batch;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Takes finished lines in any order, makes them durable in groups, and writes them in the order of
/// their rows. Holds a bounded number of those that finished before an earlier one.
final class Recorder implements AutoCloseable {
    /// How far a row may be ahead of the first that has not been written.
    static final int MAX_AHEAD = 8_192;

    /// Of lines in memory, in bytes. Those of the rows under way come on top.
    private static final long MAX_HELD = 32L * 1024 * 1024;

    private static final long MAX_JOURNAL = 32L * 1024 * 1024;

    /// How many lines there are at the most that are not yet durable: so many rows, and those under
    /// way, are asked again after a kill -9.
    static final int MAX_FRESH = 256;

    /// How many lines are made durable together at the least, unless they take longer than this to
    /// come. A group costs the disk as much as one line does.
    private static final int GROUP = 128;

    private static final Duration GATHERING = Duration.ofMillis(5);

    private final Workplace place;
    private final long maxJournal;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Condition arrived = lock.newCondition();
    private final Condition durable = lock.newCondition();
    private final Thread writer = Thread.ofPlatform().name("carillon-batch").unstarted(this::write);

    // Guarded by the lock.
    private List<Line> fresh = new ArrayList<>();
    private int undurable;
    private long heldBytes;
    private long next;
    private boolean closing;
    private boolean woken;
    private Optional<RuntimeException> failure = Optional.empty();
    private Totals recorded = Totals.NONE;
    private final Map<Long, Line> held = new HashMap<>();

    // Of the writer.
    private final GrowingFile results;
    private final GrowingFile failures;
    private Journal journal;
    private long journalNumber;
    private Totals written = Totals.NONE;

    private Recorder(Workplace place, Checkpoint from, byte[] header, long maxJournal)
            throws IOException {
        this.place = requireNonNull(place, "place");
        this.maxJournal = maxJournal;
        results = GrowingFile.open(place.results(), from.results());
        failures = GrowingFile.open(place.failures(), from.failures());
        if (from.results() == 0) {
            results.append(header);
            failures.append(header);
        }
        next = from.rows();
        written = from.totals();
        recorded = from.totals();
        journalNumber = from.journal();
        var path = place.journal(journalNumber);
        journal = Journal.open(path, Journal.replay(path, this::replay));
    }

    /// Goes on where the folder says that the batch was. `header` is what both files begin with.
    static Recorder open(Workplace place, byte[] header) throws IOException {
        return open(place, header, MAX_JOURNAL);
    }

    /// Makes a checkpoint when the journal is longer than `maxJournal` bytes.
    static Recorder open(Workplace place, byte[] header, long maxJournal) throws IOException {
        var from = place.checkpoint().orElse(new Checkpoint(1, 0, 0, 0, Totals.NONE));
        var recorder = new Recorder(place, from, header, maxJournal);
        recorder.writer.start();
        return recorder;
    }

    private void replay(Line line) {
        if (line.index() < next || held.containsKey(line.index())) {
            return;
        }
        recorded = recorded.plus(line.succeeded(), line.spending());
        heldBytes += line.text().length;
        held.put(line.index(), line);
        try {
            writeInOrder();
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    /// Whether the row had been finished before this recorder was opened. To be asked once for each
    /// row, in order, before its line is added.
    boolean isDone(long index) {
        lock.lock();
        try {
            return index < next || held.containsKey(index);
        } finally {
            lock.unlock();
        }
    }

    /// Waits until the row may begin; returns at once after [#wake]. Throws [BatchException] when
    /// nothing can be written any more.
    void awaitRoom(long index) throws InterruptedException {
        lock.lock();
        try {
            while (!woken
                    && failure.isEmpty()
                    && index > next
                    && (index - next >= MAX_AHEAD || heldBytes > MAX_HELD)) {
                changed.await();
            }
            throwIfFailed();
        } finally {
            lock.unlock();
        }
    }

    private void throwIfFailed() {
        if (failure.isPresent()) {
            throw failure.get();
        }
    }

    /// Lets nobody wait for room any more.
    void wake() {
        lock.lock();
        try {
            woken = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Blocks for no longer than the disk takes for a group.
    void add(Line line) {
        lock.lock();
        try {
            while (undurable >= MAX_FRESH && failure.isEmpty()) {
                durable.awaitUninterruptibly();
            }
            undurable++;
            fresh.add(line);
            heldBytes += line.text().length;
            if (fresh.size() == 1 || fresh.size() == GROUP) {
                arrived.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /// What is durable.
    Totals totals() {
        lock.lock();
        try {
            return recorded;
        } finally {
            lock.unlock();
        }
    }

    private void write() {
        try {
            for (var lines = take(); !lines.isEmpty(); lines = take()) {
                journal.write(lines);
                record(lines);
                if (journal.length() > maxJournal) {
                    checkpoint();
                }
            }
        } catch (IOException e) {
            fail(unwritable(e));
        } catch (RuntimeException e) {
            fail(e);
        }
    }

    private BatchException unwritable(IOException e) {
        return new BatchException(
                BatchEnd.Cause.OUTPUT,
                "could not write to "
                        + place.folder()
                        + ": "
                        + Repeats.words(e)
                        + "; what was done before is kept there",
                e);
    }

    private void fail(RuntimeException e) {
        lock.lock();
        try {
            failure = Optional.of(e);
            changed.signalAll();
            durable.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// All lines that are there; none at the end.
    private List<Line> take() {
        lock.lock();
        try {
            while (fresh.isEmpty() && !closing) {
                arrived.awaitUninterruptibly();
            }
            gather();
            var taken = fresh;
            fresh = new ArrayList<>();
            return taken;
        } finally {
            lock.unlock();
        }
    }

    private void gather() {
        long left = GATHERING.toNanos();
        try {
            while (fresh.size() < GROUP && !closing && left > 0) {
                left = arrived.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts the writer", e);
        }
    }

    private void record(List<Line> lines) throws IOException {
        lock.lock();
        try {
            for (var line : lines) {
                held.put(line.index(), line);
                recorded = recorded.plus(line.succeeded(), line.spending());
            }
            undurable -= lines.size();
            durable.signalAll();
            writeInOrder();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void writeInOrder() throws IOException {
        for (var line = held.remove(next); line != null; line = held.remove(next)) {
            (line.succeeded() ? results : failures).append(line.text());
            written = written.plus(line.succeeded(), line.spending());
            heldBytes -= line.text().length;
            next++;
        }
    }

    /// From here on the files count, and the journal begins anew with the lines that wait.
    private void checkpoint() throws IOException {
        results.force();
        failures.force();
        long number = journalNumber + 1;
        var fresh = Journal.open(place.journal(number), 0);
        fresh.write(held.values());
        place.write(state(number));
        journal.close();
        Files.deleteIfExists(place.journal(journalNumber));
        journal = fresh;
        journalNumber = number;
    }

    private Checkpoint state(long number) {
        return new Checkpoint(number, next, results.length(), failures.length(), written);
    }

    /// Returns when all that was added is durable. Throws [BatchException] when it cannot be.
    void drain() throws InterruptedException {
        lock.lock();
        try {
            closing = true;
            changed.signalAll();
            arrived.signalAll();
        } finally {
            lock.unlock();
        }
        writer.join();
        throwIfFailed();
    }

    /// After [#drain]: makes the two files whole.
    Totals finish(long rows) throws IOException {
        if (next != rows) {
            throw new IllegalStateException(next + " rows of " + rows + " were written");
        }
        checkpoint();
        return written;
    }

    @Override
    public void close() throws IOException {
        wake();
        lock.lock();
        try {
            closing = true;
            changed.signalAll();
            arrived.signalAll();
        } finally {
            lock.unlock();
        }
        try {
            writer.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        results.close();
        failures.close();
        journal.close();
    }
}
