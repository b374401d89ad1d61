package carillon.engine;

import carillon.cluster.Bulletin;
import carillon.cluster.Bulletin.Kind;
import carillon.cluster.Bulletin.Notice;
import carillon.cluster.Holder;
import carillon.run.Intake;
import carillon.run.Lease;
import carillon.run.RunId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// Holds this node's leased runs in memory and starts each at its due time, as far as there are
/// slots; when there are not, the highest priority goes first, then the longest due, and the last
/// tenth of the slots is for quick tasks.
public final class Dispatcher implements Duty, Intake {
    private static final Duration IDLE = Duration.ofSeconds(1);

    private final Membership membership;
    private final InFlight inFlight;
    private final Gate gate;
    private final Room room;
    private final Signals signals;
    private final InstantSource time;

    private final DueQueue queue = new DueQueue();
    private volatile Bulletin bulletin = Bulletin.ALONE;

    Dispatcher(
            Membership membership,
            InFlight inFlight,
            Gate gate,
            Room room,
            Signals signals,
            InstantSource time) {
        this.membership = membership;
        this.inFlight = inFlight;
        this.gate = gate;
        this.room = room;
        this.signals = signals;
        this.time = time;
    }

    @Override
    public Instant runOnce(Instant now) {
        if (membership.holder(now).isEmpty()) {
            return now.plus(IDLE);
        }
        startDue(now);
        return queue.nextDue().orElse(now.plus(IDLE));
    }

    /// Starts what is due, as far as there are slots. Called from any thread: an attempt that ends
    /// hands its slot on to the next run without waiting for the loop.
    void startDue(Instant now) {
        if (membership.holder(now).isEmpty()) {
            return; // Nothing is started that could not be recorded.
        }
        for (var lease : queue.takeDue(now, inFlight)) {
            if (lease.definition().policies().startsThroughGate()) {
                gate.offer(lease);
            } else {
                inFlight.launch(lease, InFlight.Shown.NOT_YET);
            }
        }
    }

    int waiting() {
        return queue.size();
    }

    int freeRoom() {
        return room.free();
    }

    @Override
    public Optional<Holder> roomFor(int runs) {
        return room.free() < runs ? Optional.empty() : membership.holder(time.instant());
    }

    @Override
    public void accept(List<Lease> leases) {
        if (leases.isEmpty()) {
            return;
        }
        queue.add(room.enter(leases));
        signals.dispatch().fire();
    }

    @Override
    public void cancelled(RunId run) {
        if (!drop(run)) {
            bulletin.tell(new Notice(Kind.CANCELLED, run.value(), 0));
        }
    }

    /// Forgets the run, or ends its attempt; returns whether it was here.
    boolean drop(RunId run) {
        if (queue.remove(run)) {
            room.leave(run);
            return true;
        }
        return inFlight.interrupt(run, InFlight.Cause.TAKEN_AWAY);
    }

    void connect(Bulletin others) {
        bulletin = others;
    }

    @Override
    public void wake() {
        signals.plan().fire();
        signals.claim().fire();
        bulletin.tell(Notice.DUE);
    }

    /// Forgets everything that has not begun, and returns it.
    List<Lease> drain() {
        var left = queue.drain();
        left.addAll(gate.drain());
        left.forEach(lease -> room.leave(lease.run().id()));
        return left;
    }
}
