package carillon.engine;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import carillon.run.Completion;
import carillon.run.Lease;
import carillon.run.Outcome;
import carillon.run.Performer;
import carillon.run.RunId;
import carillon.task.RetryOn;
import carillon.task.TaskId;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// The attempts under way on this node. Each has a slot, taken before it is launched, and a thread
/// of its own, which an interrupt ends early. A tenth of the slots is kept for quick tasks, so that
/// others cannot hold them all, however long they take.
final class InFlight implements DueQueue.Slots {
    private static final Logger log = System.getLogger(InFlight.class.getName());

    /// Whether the run shows as RUNNING on disk.
    enum Shown {
        NOT_YET,
        ON_DISK
    }

    /// Why an attempt was interrupted.
    enum Cause {
        /// Its time was over.
        TIMED_OUT,
        /// The run has ended otherwise, or is another node's now.
        TAKEN_AWAY
    }

    private final Performer performer;
    private final Executor executor;
    private static final int MAX_CONDUCTING = 1 << 30;
    private static final int KEPT_SHARE = 10;

    private final Semaphore slots;
    private final Semaphore conducting = new Semaphore(MAX_CONDUCTING);
    private final int maxRunning;
    private final int kept;
    private final QuickTasks quick = new QuickTasks();
    private final Room room;
    private final InstantSource time;
    private final Ticker ticker;
    private final RandomGenerator dice;
    private final Map<RunId, Flight> flights = new ConcurrentHashMap<>();
    private volatile Consumer<Completion> completed = _ -> {};
    private volatile Consumer<Instant> slotFree = _ -> {};
    private volatile boolean starved;

    InFlight(Means means, int maxRunning, Room room) {
        this.performer = means.performer();
        this.executor = means.executor();
        this.time = means.time();
        this.ticker = means.ticker();
        this.dice = means.dice();
        this.maxRunning = maxRunning;
        this.kept = maxRunning / KEPT_SHARE;
        this.slots = new Semaphore(maxRunning);
        this.room = room;
    }

    /// Names who takes the ends of attempts, and who is told when a slot is free after one was
    /// wanted in vain.
    void connect(Consumer<Completion> completed, Consumer<Instant> slotFree) {
        this.completed = completed;
        this.slotFree = slotFree;
    }

    @Override
    public boolean isQuick(TaskId task) {
        return quick.contains(task);
    }

    @Override
    public boolean tryTake() {
        return starvedUnless(slots.availablePermits() > kept && slots.tryAcquire());
    }

    @Override
    public boolean tryTakeKept() {
        return starvedUnless(slots.tryAcquire());
    }

    private boolean starvedUnless(boolean taken) {
        if (!taken) {
            starved = true;
        }
        return taken;
    }

    /// Gives back the slot of this lease, where it has one.
    void returnSlot(Lease lease) {
        if (lease.definition().action().conducts()) {
            return;
        }
        slots.release();
        if (starved) {
            starved = false;
            slotFree.accept(time.instant());
        }
    }

    /// Starts the attempt, for which a slot has been taken where it needs one.
    void launch(Lease lease, Shown shown) {
        if (lease.definition().action().conducts()) {
            conducting.acquireUninterruptibly();
        }
        var flight = new Flight(lease, shown, ticker);
        flights.put(lease.run().id(), flight);
        executor.execute(() -> fly(flight));
    }

    private void fly(Flight flight) {
        var run = flight.lease.run().id();
        var startedAt = now();
        flight.begin(startedAt);
        var outcome = perform(flight);
        flights.remove(run, flight);
        quick.ended(flight.lease.run().task(), flight.age());
        if (outcome.isPresent()) {
            completed.accept(completion(flight.lease, startedAt, outcome.get()));
        } else {
            room.leave(run);
        }
        if (flight.lease.definition().action().conducts()) {
            conducting.release();
        }
        returnSlot(flight.lease); // Last: when all slots are back, all ends are handed over.
    }

    private Completion completion(Lease lease, Instant startedAt, Outcome outcome) {
        var finishedAt = now();
        var progress = lease.run().progress();
        var attempts = new Outcome.Attempts(progress.attempt(), progress.maxAttempts());
        var policy = lease.definition().policies().retry();
        var next = outcome.next(attempts, policy, finishedAt, dice);
        return new Completion(lease, startedAt, finishedAt, outcome, next);
    }

    /// Empty when nobody waits for the outcome any more.
    private Optional<Outcome> perform(Flight flight) {
        if (flight.cause == Cause.TAKEN_AWAY) {
            return Optional.empty();
        }
        try {
            return Optional.of(performer.perform(flight.lease));
        } catch (InterruptedException e) {
            return afterInterrupt(flight);
        } catch (RuntimeException e) {
            log.log(Level.ERROR, "the action of run " + flight.lease.run().id() + " broke", e);
            return Optional.of(Outcome.Failed.of("the action broke: " + e, RetryOn.OTHER));
        } finally {
            flight.end();
        }
    }

    private static Optional<Outcome> afterInterrupt(Flight flight) {
        if (flight.cause != Cause.TIMED_OUT) {
            return Optional.empty();
        }
        var timeout = flight.lease.definition().policies().timeout();
        return Optional.of(Outcome.Failed.of("it had not ended after " + timeout, RetryOn.TIMEOUT));
    }

    /// Ends the run's attempt early, if it is under way here; returns whether it is.
    boolean interrupt(RunId run, Cause cause) {
        var flight = flights.get(run);
        if (flight != null) {
            flight.interrupt(cause);
        }
        return flight != null;
    }

    void interruptAll(Cause cause) {
        flights.values().forEach(flight -> flight.interrupt(cause));
    }

    int running() {
        return maxRunning - slots.availablePermits();
    }

    /// Waits until no attempt is under way; returns false when there still is one after `patience`.
    boolean awaitEmpty(Duration patience) {
        long end = System.nanoTime() + patience.toNanos();
        try {
            return isEmpty(slots, maxRunning, end) && isEmpty(conducting, MAX_CONDUCTING, end);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static boolean isEmpty(Semaphore places, int all, long end)
            throws InterruptedException {
        long left = Math.max(0, end - System.nanoTime());
        boolean empty = places.tryAcquire(all, left, NANOSECONDS);
        if (empty) {
            places.release(all);
        }
        return empty;
    }

    Collection<Flight> flights() {
        return List.copyOf(flights.values());
    }

    private Instant now() {
        return time.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    /// One attempt under way.
    static final class Flight {
        private final Lease lease;
        private final Ticker ticker;
        private volatile long begun;
        private volatile Shown shown;
        private volatile @Nullable Cause cause;
        private volatile @Nullable Instant startedAt;
        private @Nullable Thread thread;

        private Flight(Lease lease, Shown shown, Ticker ticker) {
            this.lease = lease;
            this.ticker = ticker;
            this.shown = shown;
        }

        private synchronized void begin(Instant at) {
            begun = ticker.nanos();
            startedAt = at;
            thread = Thread.currentThread();
        }

        private synchronized void end() {
            thread = null;
        }

        private synchronized void interrupt(Cause why) {
            if (cause == null) {
                cause = why;
            }
            if (thread != null) {
                thread.interrupt();
            }
        }

        Lease lease() {
            return lease;
        }

        /// Empty while it waits for its thread.
        Optional<Instant> startedAt() {
            return Optional.ofNullable(startedAt);
        }

        /// Whether it has had its thread for longer than that.
        boolean isOlderThan(Duration time) {
            return startedAt != null && age().compareTo(time) > 0;
        }

        private Duration age() {
            return Duration.ofNanos(ticker.nanos() - begun);
        }

        boolean isShown() {
            return shown == Shown.ON_DISK;
        }

        void shown() {
            shown = Shown.ON_DISK;
        }
    }
}
