package carillon.engine;

import carillon.cluster.Holder;
import carillon.cluster.NodeStore;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Keeps this node's lease. While the lease is in doubt the node starts nothing; when it is lost,
/// whoever registered with [#onLost] is told, and the node joins anew with another epoch.
public final class Membership implements Duty {
    private static final Logger log = System.getLogger(Membership.class.getName());

    private final NodeStore nodes;
    private final String name;
    private final Duration leaseTime;
    private final List<Runnable> onLost = new ArrayList<>();
    private volatile Optional<Lifetime> lifetime = Optional.empty();
    private volatile boolean leaving;
    private volatile boolean held;

    private record Lifetime(Holder holder, Instant leaseUntil) {}

    public Membership(NodeStore nodes, String name, Duration leaseTime) {
        this.nodes = nodes;
        this.name = name;
        this.leaseTime = leaseTime;
    }

    void onLost(Runnable reaction) {
        onLost.add(reaction);
    }

    /// The holder under which work may be taken and started at `now`; empty when there is no lease,
    /// when it could end before the work is under way, when the node is leaving, or while all nodes
    /// are held.
    Optional<Holder> holder(Instant now) {
        var margin = leaseTime.dividedBy(10);
        return lifetime.filter(
                        life -> !leaving && !held && now.plus(margin).isBefore(life.leaseUntil))
                .map(Lifetime::holder);
    }

    /// Joins, or renews the lease. A store that fails is asked again before the lease runs out.
    @Override
    public Instant runOnce(Instant now) {
        if (leaving) {
            return now.plus(leaseTime);
        }
        var until = now.plus(leaseTime);
        var earlier = lifetime.map(Lifetime::holder);
        if (earlier.isPresent() && !nodes.renew(earlier.get(), now, until)) {
            log.log(Level.WARNING, "{0} lost its lease and joins anew", earlier.get());
            lifetime = Optional.empty();
            onLost.forEach(Runnable::run);
            earlier = Optional.empty();
        }
        var holder = earlier.orElseGet(() -> nodes.join(name, now, until));
        lifetime = Optional.of(new Lifetime(holder, until));
        return now.plus(leaseTime.dividedBy(4));
    }

    /// Whether the node is to start nothing although it has a lease.
    void hold(boolean held) {
        this.held = held;
    }

    /// Takes no more work from now on.
    void stopTaking() {
        leaving = true;
    }

    /// Ends the lease.
    void leave() {
        leaving = true;
        lifetime.ifPresent(life -> nodes.leave(life.holder));
        lifetime = Optional.empty();
    }
}
