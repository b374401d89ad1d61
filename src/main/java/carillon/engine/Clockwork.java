package carillon.engine;

import carillon.cluster.Bulletin;
import carillon.cluster.Bulletin.Kind;
import carillon.cluster.Bulletin.Notice;
import carillon.run.Endings;
import carillon.run.RunId;
import java.time.Instant;

/// The duties of a node, connected with each other, and nothing that turns them.
public final class Clockwork {
    private final Engine.Stores stores;
    private final Endings endings;
    private final Signals signals = Signals.create();
    private final Membership membership;
    private final Room room;
    private final InFlight inFlight;
    private final Gate gate;
    private final Completer completer;
    private final Dispatcher dispatcher;
    private final Planner planner;
    private final Claimer claimer;
    private final Rescuer rescuer;
    private final Supervisor supervisor;
    private final Pruner pruner;

    public Clockwork(
            String node,
            Engine.Stores stores,
            Engine.Limits limits,
            Pruner.Retention retention,
            Means means,
            Endings endings) {
        this.stores = stores;
        this.endings = endings;
        membership = new Membership(stores.nodes(), node, limits.leaseTime(), means.ticker());
        room = new Room(limits.maxLeased(), this::spaceAgain);
        inFlight = new InFlight(means, limits.maxRunning(), room);
        gate = new Gate(stores.leases(), inFlight, room, signals.gate(), endings::announce);
        completer = new Completer(stores.leases(), room, endings, signals);
        dispatcher = new Dispatcher(membership, inFlight, gate, room, signals, means.time());
        inFlight.connect(completer::offer, dispatcher::startDue);
        planner =
                new Planner(
                        stores.slots(), membership, dispatcher, signals.plan(), signals.claim());
        claimer = new Claimer(stores.leases(), membership, dispatcher);
        rescuer = new Rescuer(stores.nodes(), stores.leases(), signals.claim());
        supervisor = new Supervisor(stores.leases(), membership, inFlight, room);
        pruner = new Pruner(stores.runs(), stores.events(), retention);
        membership.onLost(this::dropEverything);
    }

    private void spaceAgain() {
        signals.plan().fire();
        signals.claim().fire();
    }

    /// The lease was lost: all that was held under it is somebody else's.
    private void dropEverything() {
        dispatcher.drain();
        inFlight.interruptAll(InFlight.Cause.TAKEN_AWAY);
    }

    /// Tells other nodes of what they may wait for, and heeds what they tell.
    void connect(Bulletin bulletin) {
        dispatcher.connect(bulletin);
        endings.elsewhere(
                (parent, run) ->
                        bulletin.tell(new Notice(Kind.ENDED, run.value(), parent.value())));
        bulletin.follow(this::heed);
    }

    private void heed(Notice notice) {
        switch (notice.kind()) {
            case DUE -> signals.claim().fire();
            case ENDED -> {
                boolean _ = endings.tell(new RunId(notice.parent()), new RunId(notice.run()));
            }
            case CANCELLED -> {
                boolean _ = dispatcher.drop(new RunId(notice.run()));
            }
        }
    }

    /// Gives back what has not begun.
    void releaseWaiting() {
        stores.leases().release(dispatcher.drain());
    }

    /// Writes what the completer's loop has not written any more.
    void writeLastEnds(Instant now) {
        while (!completer.isIdle()) {
            completer.runOnce(now);
        }
    }

    /// Looks whether all nodes are held, and keeps to it. Returns whether they are.
    boolean lookAtHold() {
        boolean held = stores.nodes().isHeld();
        membership.hold(held);
        return held;
    }

    Signals signals() {
        return signals;
    }

    Membership membership() {
        return membership;
    }

    InFlight inFlight() {
        return inFlight;
    }

    Gate gate() {
        return gate;
    }

    Completer completer() {
        return completer;
    }

    Dispatcher dispatcher() {
        return dispatcher;
    }

    Planner planner() {
        return planner;
    }

    Claimer claimer() {
        return claimer;
    }

    Rescuer rescuer() {
        return rescuer;
    }

    Supervisor supervisor() {
        return supervisor;
    }

    Pruner pruner() {
        return pruner;
    }
}
