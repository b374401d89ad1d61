package carillon.engine;

import carillon.cluster.Holder;
import carillon.cluster.Node;
import carillon.cluster.NodeStore;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Keeps this node's lease. While the lease is in doubt the node starts nothing; when it is lost,
/// whoever registered with [#onLost] is told, and the node joins anew with another epoch. How long
/// the lease goes on is told by the ticker, which nobody can set; a node whose clock is far from
/// that of the others takes and starts nothing either.
public final class Membership implements Duty {
    private static final Logger log = System.getLogger(Membership.class.getName());
    private static final Duration NOTABLE_SKEW = Duration.ofSeconds(1);

    private final NodeStore nodes;
    private final String name;
    private final Duration leaseTime;
    private final Ticker ticker;
    private final List<Runnable> onLost = new ArrayList<>();
    private volatile Optional<Lifetime> lifetime = Optional.empty();
    private volatile boolean leaving;
    private volatile boolean held;
    private volatile Compared clock = Compared.NEVER;
    private Skew skew = Skew.NONE;

    /// `until` is a time of the ticker.
    private record Lifetime(Holder holder, long until) {}

    /// What the clock said when the ticker was at `ticks`, and by how much it was ahead, as far as
    /// that is sure. What is done to it later shows beside the ticker.
    private record Compared(Instant at, long ticks, Duration ahead) {
        static final Compared NEVER = new Compared(Instant.EPOCH, 0, Duration.ZERO);

        Duration aheadAt(Instant now, long nowTicks) {
            var passed = Duration.ofNanos(nowTicks - ticks);
            return ahead.plus(Duration.between(at, now)).minus(passed);
        }

        Duration skewAt(Instant now, long nowTicks) {
            return aheadAt(now, nowTicks).abs();
        }
    }

    private enum Skew {
        NONE,
        NOTABLE,
        TOO_MUCH
    }

    public Membership(NodeStore nodes, String name, Duration leaseTime, Ticker ticker) {
        this.nodes = nodes;
        this.name = name;
        this.leaseTime = leaseTime;
        this.ticker = ticker;
    }

    void onLost(Runnable reaction) {
        onLost.add(reaction);
    }

    /// The holder under which work may be taken and started when the clock says `now`; empty when
    /// there is no lease, when it could end before the work is under way, when the node is leaving,
    /// while all nodes are held, or while the clock is wrong.
    Optional<Holder> holder(Instant now) {
        long ticks = ticker.nanos();
        if (leaving || held || clock.skewAt(now, ticks).compareTo(Node.MAX_SKEW) > 0) {
            return Optional.empty();
        }
        long margin = leaseTime.dividedBy(10).toNanos();
        return lifetime.filter(life -> life.until - ticks > margin).map(Lifetime::holder);
    }

    /// What time it is for the others when the clock says `now`, as far as this node knows: what
    /// people ask of a node with a wrong clock is done by others, at that time. While the two are
    /// about the same it is `now` itself.
    Instant agreed(Instant now) {
        var compared = clock;
        if (compared.equals(Compared.NEVER)) {
            return now;
        }
        var ahead = compared.aheadAt(now, ticker.nanos());
        return ahead.abs().compareTo(NOTABLE_SKEW) > 0 ? now.minus(ahead) : now;
    }

    /// Joins, or renews the lease. A store that fails is asked again before the lease runs out.
    @Override
    public Instant runOnce(Instant now) {
        if (leaving) {
            return now.plus(leaseTime);
        }
        long asked = ticker.nanos(); // Before the store counts from its own time.
        var until = now.plus(leaseTime);
        var earlier = lifetime.map(Lifetime::holder);
        if (earlier.isPresent() && !nodes.renew(earlier.get(), now, until)) {
            log.log(Level.WARNING, "{0} lost its lease and joins anew", earlier.get());
            lifetime = Optional.empty();
            onLost.forEach(Runnable::run);
            earlier = Optional.empty();
            asked = ticker.nanos();
        }
        var holder = earlier.orElseGet(() -> nodes.join(name, now, until));
        lifetime = Optional.of(new Lifetime(holder, asked + leaseTime.toNanos()));
        compareClocks(now, asked);
        return now.plus(leaseTime.dividedBy(4));
    }

    /// `now` was told when the ticker was about at `told`. What the answer may have taken on its
    /// way is not held against the clock.
    private void compareClocks(Instant now, long told) {
        var theirs = nodes.now(now.plusNanos(ticker.nanos() - told));
        long ticks = ticker.nanos();
        var way = Duration.ofNanos(ticks - told);
        var apart = Duration.between(theirs, now.plus(way));
        var sure = apart.abs().minus(way);
        var ahead = sure.isNegative() ? Duration.ZERO : apart.isNegative() ? sure.negated() : sure;
        clock = new Compared(now.plus(way), ticks, ahead);
        var found =
                sure.compareTo(Node.MAX_SKEW) > 0
                        ? Skew.TOO_MUCH
                        : sure.compareTo(NOTABLE_SKEW) > 0 ? Skew.NOTABLE : Skew.NONE;
        if (found != skew) {
            tell(found, apart);
            skew = found;
        }
    }

    private void tell(Skew found, Duration apart) {
        var far = apart.abs() + (apart.isNegative() ? " behind" : " ahead of");
        switch (found) {
            case NONE -> log.log(Level.INFO, "the clock agrees with that of the database again");
            case NOTABLE -> log.log(Level.WARNING, "the clock is {0} that of the database", far);
            case TOO_MUCH ->
                    log.log(
                            Level.ERROR,
                            "the clock is {0} that of the database, more than {1}: nothing is"
                                    + " taken or started here until it is set right",
                            far,
                            Node.MAX_SKEW);
        }
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
