package carillon.engine;

import carillon.cluster.Bulletin;
import carillon.cluster.NodeStore;
import carillon.event.EventStore;
import carillon.run.Intake;
import carillon.run.LeaseStore;
import carillon.run.RunStore;
import carillon.run.SlotStore;
import carillon.task.Planning;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The clockwork of one node: its duties, wired, and their loops.
public final class Engine implements AutoCloseable {
    private static final Logger log = System.getLogger(Engine.class.getName());

    /// How long a stop waits for attempts under way.
    public static final Duration PATIENCE = Duration.ofSeconds(25);

    private static final Duration BETWEEN_LOOKS_AT_HOLD = Duration.ofSeconds(1);

    private final Clockwork clockwork;
    private final InstantSource time;
    private final List<Loop> hold = new ArrayList<>();
    private final List<Loop> taking = new ArrayList<>();
    private final List<Loop> finishing = new ArrayList<>();
    private final Map<String, Duty> more = new LinkedHashMap<>();

    /// What the engine works on.
    public record Stores(
            SlotStore slots,
            LeaseStore leases,
            RunStore runs,
            EventStore events,
            NodeStore nodes) {}

    /// `maxRunning` attempts at a time; `maxLeased` runs in memory, planned and ended ones
    /// included.
    public record Limits(int maxRunning, int maxLeased, Duration leaseTime) {
        public static final Limits DEFAULT = new Limits(1_000, 50_000, Duration.ofSeconds(10));
    }

    /// Nothing moves before [#start].
    public Engine(Clockwork clockwork, InstantSource time) {
        this.clockwork = clockwork;
        this.time = time;
    }

    /// One more duty of this node, turned from [#start] on.
    public void add(String name, Duty duty) {
        more.put(name, duty);
    }

    /// Takes up the node's lease, then turns the duties; while all nodes are held, only those that
    /// keep the lease. Throws when the store cannot be reached.
    public void start() {
        boolean held = clockwork.lookAtHold();
        var membershipFirst = clockwork.membership().runOnce(time.instant());
        log.log(Level.DEBUG, "joined; the lease is renewed from {0}", membershipFirst);
        var signals = clockwork.signals();
        finishing.add(loop("membership", clockwork.membership(), new Signal()));
        finishing.add(loop("completer", clockwork.completer(), signals.complete()));
        finishing.add(loop("supervisor", clockwork.supervisor(), new Signal()));
        if (held) {
            log.log(
                    Level.WARNING,
                    "held: nothing starts before ./carillon release; see GET /api/v1/hold");
            hold.add(loop("hold", this::lookAtHold, new Signal()));
            return;
        }
        turn();
    }

    /// Turns the other duties when nothing is held any more.
    private Instant lookAtHold(Instant now) {
        if (taking.isEmpty() && !clockwork.lookAtHold()) {
            log.log(Level.INFO, "released: work starts");
            turn();
        }
        return now.plus(BETWEEN_LOOKS_AT_HOLD);
    }

    private void turn() {
        var signals = clockwork.signals();
        taking.add(loop("gate", clockwork.gate(), signals.gate()));
        taking.add(loop("dispatcher", clockwork.dispatcher(), signals.dispatch()));
        taking.add(loop("rescuer", clockwork.rescuer(), new Signal()));
        taking.add(loop("claimer", clockwork.claimer(), signals.claim()));
        taking.add(loop("planner", clockwork.planner(), signals.plan()));
        taking.add(loop("pruner", clockwork.pruner(), new Signal()));
        more.forEach((name, duty) -> taking.add(loop(name, duty, new Signal())));
    }

    /// Tells other nodes of what they may wait for, and heeds what they tell.
    public void connect(Bulletin bulletin) {
        clockwork.connect(bulletin);
    }

    private Loop loop(String name, Duty duty, Signal signal) {
        return new Loop(name, duty, signal, time);
    }

    public Intake intake() {
        return clockwork.dispatcher();
    }

    public Planning planning() {
        return clockwork.planner();
    }

    /// The time by which tasks and runs are asked for: as the nodes agree on it, however wrong the
    /// clock of this one is.
    public InstantSource agreedTime() {
        return () -> clockwork.membership().agreed(time.instant());
    }

    /// How many runs this node holds that have not begun, due or not.
    public int waiting() {
        return clockwork.dispatcher().waiting();
    }

    /// Whether this node may take and start work now.
    public boolean isReady() {
        return clockwork.membership().holder(time.instant()).isPresent();
    }

    /// Takes no more work, gives back what has not begun, lets attempts under way end for at most
    /// [#PATIENCE], writes their ends, and leaves the cluster. What has not ended by then is
    /// rescued as its next attempt.
    @Override
    public void close() {
        clockwork.membership().stopTaking();
        hold.forEach(Loop::close); // First: it adds to the others.
        taking.reversed().forEach(Loop::close);
        clockwork.releaseWaiting();
        if (!clockwork.inFlight().awaitEmpty(PATIENCE)) {
            log.log(
                    Level.WARNING,
                    "{0} attempts had not ended after {1}; they will be attempted again",
                    clockwork.inFlight().running(),
                    PATIENCE);
        }
        finishing.reversed().forEach(Loop::close);
        clockwork.writeLastEnds(time.instant());
        clockwork.membership().leave();
    }
}
