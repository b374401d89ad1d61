package carillon.engine;

import carillon.run.Lease;
import carillon.run.LeaseStore;
import carillon.run.RunId;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// Watches over the attempts under way: shows the longer ones as RUNNING, ends those whose time is
/// over, and those whose run is no longer this node's. Finds runs that this node took without
/// learning of it, because a write succeeded whose answer got lost.
final class Supervisor implements Duty {
    private static final Logger log = System.getLogger(Supervisor.class.getName());

    /// An attempt that is shorter is never written as RUNNING.
    static final Duration SHOWN_AFTER = Duration.ofMillis(100);

    /// Actions keep their own time; this is for those that do not.
    static final Duration AFTER_TIMEOUT = Duration.ofSeconds(1);

    private static final Duration PERIOD = Duration.ofMillis(100);
    private static final Duration LOOK_FOR_LOST = Duration.ofSeconds(2);
    private static final Duration FORGOTTEN_AFTER = Duration.ofSeconds(5);
    private static final int MAX_BATCH = 500;

    private final LeaseStore leases;
    private final Membership membership;
    private final InFlight inFlight;
    private final Room room;
    private Instant lookForLostAt = Instant.EPOCH;
    private Set<RunId> missing = Set.of();

    Supervisor(LeaseStore leases, Membership membership, InFlight inFlight, Room room) {
        this.leases = leases;
        this.membership = membership;
        this.inFlight = inFlight;
        this.room = room;
    }

    @Override
    public Instant runOnce(Instant now) {
        var flights = inFlight.flights();
        endOverdue(flights);
        show(flights);
        if (!now.isBefore(lookForLostAt)) {
            endLost(flights);
            releaseForgotten(now);
            lookForLostAt = now.plus(LOOK_FOR_LOST);
        }
        return now.plus(PERIOD);
    }

    private void endOverdue(Iterable<InFlight.Flight> flights) {
        for (var flight : flights) {
            if (flight.lease().definition().action().conducts()) {
                continue; // Its runs keep their own time.
            }
            var allowed = flight.lease().definition().policies().timeout().plus(AFTER_TIMEOUT);
            if (flight.isOlderThan(allowed)) {
                inFlight.interrupt(flight.lease().run().id(), InFlight.Cause.TIMED_OUT);
            }
        }
    }

    private void show(Iterable<InFlight.Flight> flights) {
        var begun = new ArrayList<LeaseStore.Begun>();
        var shown = new ArrayList<InFlight.Flight>();
        for (var flight : flights) {
            var startedAt = flight.startedAt();
            if (!flight.isShown() && startedAt.isPresent() && flight.isOlderThan(SHOWN_AFTER)) {
                begun.add(new LeaseStore.Begun(flight.lease(), startedAt.get()));
                shown.add(flight);
            }
        }
        if (!begun.isEmpty()) {
            leases.markRunning(begun);
            shown.forEach(InFlight.Flight::shown);
        }
    }

    private void endLost(Iterable<InFlight.Flight> flights) {
        var batch = new ArrayList<Lease>();
        for (var flight : flights) {
            batch.add(flight.lease());
            if (batch.size() == MAX_BATCH) {
                endLost(List.copyOf(batch));
                batch.clear();
            }
        }
        endLost(List.copyOf(batch));
    }

    private void endLost(List<Lease> batch) {
        if (batch.isEmpty()) {
            return;
        }
        for (var run : leases.lost(batch)) {
            inFlight.interrupt(run, InFlight.Cause.TAKEN_AWAY);
        }
    }

    private void releaseForgotten(Instant now) {
        var holder = membership.holder(now);
        if (holder.isEmpty()) {
            return;
        }
        var held = leases.heldSince(holder.get(), now.minus(FORGOTTEN_AFTER), MAX_BATCH);
        var absent = held.stream().filter(lease -> !room.contains(lease.run().id())).toList();
        // What was absent once may just be on its way from the planner's transaction to the room.
        var forgotten =
                absent.stream().filter(lease -> missing.contains(lease.run().id())).toList();
        missing = absent.stream().map(lease -> lease.run().id()).collect(Collectors.toSet());
        if (!forgotten.isEmpty()) {
            log.log(Level.WARNING, "gave back {0} runs taken unknowingly", forgotten.size());
            leases.release(forgotten);
        }
    }
}
