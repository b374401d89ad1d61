package carillon.engine;

import carillon.run.LeaseStore;
import java.time.Duration;
import java.time.Instant;

/// Takes queued runs that are due and that nobody holds: retries, runs asked for while there was no
/// room, rescued runs, those that another node left.
public final class Claimer implements Duty {
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final int MAX_CLAIMED = 1_000;

    private final LeaseStore leases;
    private final Membership membership;
    private final Dispatcher dispatcher;

    public Claimer(LeaseStore leases, Membership membership, Dispatcher dispatcher) {
        this.leases = leases;
        this.membership = membership;
        this.dispatcher = dispatcher;
    }

    @Override
    public Instant runOnce(Instant now) {
        var poll = now.plus(POLL);
        var holder = membership.holder(now);
        int room = Math.min(MAX_CLAIMED, dispatcher.freeRoom());
        if (holder.isEmpty() || room == 0) {
            return poll;
        }
        var nextDue = leases.nextDue();
        if (nextDue.isEmpty() || nextDue.get().isAfter(now)) {
            return nextDue.filter(poll::isAfter).orElse(poll);
        }
        var claimed = leases.claimDue(holder.get(), room, now);
        dispatcher.accept(claimed);
        return claimed.isEmpty() ? poll : now;
    }
}
