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
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/// Starts the runs whose start depends on other runs of their task, or must be known for certain
/// afterwards: RUNNING is on disk before the attempt begins. The runs at one time share a
/// transaction.
final class Gate implements Duty {
    private static final Logger log = System.getLogger(Gate.class.getName());
    private static final Duration IDLE = Duration.ofSeconds(1);
    private static final int MAX_BATCH = 500;

    private final LeaseStore leases;
    private final InFlight inFlight;
    private final Room room;
    private final Signal signal;
    private final EndWatch endWatch;
    private final BlockingQueue<Lease> offered = new LinkedBlockingQueue<>();

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

    /// Takes over a due run and the slot that was taken for it, if any.
    void offer(Lease lease) {
        offered.add(lease);
        signal.fire();
    }

    @Override
    public Instant runOnce(Instant now) {
        var batch = new ArrayList<Lease>();
        offered.drainTo(batch, MAX_BATCH);
        if (batch.isEmpty()) {
            return now.plus(IDLE);
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
        return offered.isEmpty() ? now.plus(IDLE) : now;
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
            case Start.Waits(var lease) -> letGo(lease);
        }
    }

    private void letGo(Lease lease) {
        inFlight.returnSlot(lease);
        room.leave(lease.run().id());
    }

    /// Forgets what has not been started, gives back the slots, and returns it.
    List<Lease> drain() {
        var left = new ArrayList<Lease>();
        offered.drainTo(left);
        left.forEach(inFlight::returnSlot);
        return left;
    }
}
