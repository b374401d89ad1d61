package carillon.engine;

import carillon.run.Lease;
import carillon.run.LeaseStore;
import carillon.run.RunId;
import carillon.run.Start;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/// Starts the runs whose start depends on other runs of their task, or must be known for certain
/// afterwards: RUNNING is on disk before the attempt begins. The runs at one time share a
/// transaction.
final class Gate implements Duty {
    private static final Logger log = System.getLogger(Gate.class.getName());
    private static final Duration IDLE = Duration.ofSeconds(1);
    private static final Duration NO_SLOT = Duration.ofMillis(5);
    private static final int MAX_BATCH = 500;

    private final LeaseStore leases;
    private final InFlight inFlight;
    private final Room room;
    private final Signal signal;
    private final EndWatch endWatch;
    private final BlockingQueue<Lease> offered = new LinkedBlockingQueue<>();
    private final PriorityQueue<Waiting> waiting =
            new PriorityQueue<>(
                    Comparator.comparing(Waiting::askAgainAt)
                            .thenComparing(held -> held.lease.run().dueAt()));

    private record Waiting(Lease lease, Instant askAgainAt) {}

    /// Told of runs that the gate has ended.
    @FunctionalInterface
    interface EndWatch {
        void ended(List<RunId> runs);
    }

    Gate(LeaseStore leases, InFlight inFlight, Room room, Signal signal, EndWatch endWatch) {
        this.leases = leases;
        this.inFlight = inFlight;
        this.room = room;
        this.signal = signal;
        this.endWatch = endWatch;
    }

    /// Takes over a due run and the slot that was taken for it.
    void offer(Lease lease) {
        offered.add(lease);
        signal.fire();
    }

    /// A run has ended: those that wait may ask again at once.
    void earlierRunEnded() {
        synchronized (waiting) {
            if (waiting.isEmpty()) {
                return;
            }
            var all = waiting.stream().map(held -> new Waiting(held.lease, Instant.MIN)).toList();
            waiting.clear();
            waiting.addAll(all);
        }
        signal.fire();
    }

    @Override
    public Instant runOnce(Instant now) {
        reofferDue(now);
        var batch = new ArrayList<Lease>();
        offered.drainTo(batch, MAX_BATCH);
        if (batch.isEmpty()) {
            return nextAsk(now);
        }
        batch.sort(
                Comparator.comparing((Lease lease) -> lease.run().dueAt())
                        .thenComparingLong(lease -> lease.run().id().value()));
        List<Start> starts;
        try {
            starts = leases.start(batch, now);
        } catch (RuntimeException e) {
            offered.addAll(batch); // Whether it was written or not, asking again tells.
            throw e;
        }
        starts.forEach(this::act);
        return offered.isEmpty() ? nextAsk(now) : now;
    }

    private void act(Start start) {
        switch (start) {
            case Start.Go(var lease, var replaced) -> {
                replaced.forEach(run -> inFlight.interrupt(run, InFlight.Cause.TAKEN_AWAY));
                if (!replaced.isEmpty()) {
                    endWatch.ended(replaced);
                }
                inFlight.launch(lease, InFlight.Shown.ON_DISK);
            }
            case Start.Overlaps(var lease, var earlier) -> {
                log.log(
                        Level.DEBUG,
                        "run {0} was skipped: run {1} had not ended",
                        lease.run().id(),
                        earlier);
                letGo(lease);
                endWatch.ended(List.of(lease.run().id()));
            }
            case Start.Lost(var lease) -> letGo(lease);
            case Start.Wait(var lease, var askAgainAt) -> {
                inFlight.returnSlot(); // It may wait for long; others can use the slot.
                synchronized (waiting) {
                    waiting.add(new Waiting(lease, askAgainAt));
                }
            }
        }
    }

    private void letGo(Lease lease) {
        inFlight.returnSlot();
        room.leave(lease.run().id());
    }

    private void reofferDue(Instant now) {
        synchronized (waiting) {
            for (var next = waiting.peek();
                    next != null && !next.askAgainAt.isAfter(now) && inFlight.tryTakeSlot();
                    next = waiting.peek()) {
                offered.add(waiting.remove().lease);
            }
        }
    }

    private Instant nextAsk(Instant now) {
        synchronized (waiting) {
            var next = waiting.peek();
            if (next == null) {
                return now.plus(IDLE);
            }
            var soonest = now.plus(NO_SLOT); // Later than due only when no slot was free.
            return next.askAgainAt.isAfter(soonest) ? next.askAgainAt : soonest;
        }
    }

    /// Forgets what has not been started, gives back the slots, and returns it.
    List<Lease> drain() {
        var left = new ArrayList<Lease>();
        offered.drainTo(left);
        left.forEach(_ -> inFlight.returnSlot());
        synchronized (waiting) {
            waiting.forEach(held -> left.add(held.lease));
            waiting.clear();
        }
        return left;
    }

    /// Forgets the run if it waits here without a slot; returns whether it did.
    boolean forget(RunId run) {
        synchronized (waiting) {
            return waiting.removeIf(held -> held.lease.run().id().equals(run));
        }
    }
}
