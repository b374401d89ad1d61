package carillon.engine;

import carillon.cluster.NodeStore;
import carillon.run.LeaseStore;
import carillon.run.RunState;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;

/// Gives the runs of dead nodes back to the queue, as soon as their leases are over.
public final class Rescuer implements Duty {
    private static final Logger log = System.getLogger(Rescuer.class.getName());
    private static final Duration PERIOD = Duration.ofSeconds(1);

    /// Another node may be at it just now.
    private static final Duration AGAIN = Duration.ofMillis(50);

    private static final int MAX_BATCH = 500;

    private final NodeStore nodes;
    private final LeaseStore leases;
    private final Signal claimSignal;

    public Rescuer(NodeStore nodes, LeaseStore leases, Signal claimSignal) {
        this.nodes = nodes;
        this.leases = leases;
        this.claimSignal = claimSignal;
    }

    @Override
    public Instant runOnce(Instant now) {
        var rescued = leases.rescue(now, MAX_BATCH);
        if (rescued.isEmpty()) {
            return now.plus(untilNextLook(now));
        }
        long requeued = rescued.stream().filter(run -> run.state() == RunState.QUEUED).count();
        log.log(
                Level.WARNING,
                "took {0} runs from dead nodes, the first from {1}: {2} go on, {3} ended",
                rescued.size(),
                rescued.getFirst().from(),
                requeued,
                rescued.size() - requeued);
        claimSignal.fire();
        return rescued.size() == MAX_BATCH ? now : now.plus(untilNextLook(now));
    }

    private Duration untilNextLook(Instant now) {
        var end = nodes.untilNextEnd(now).orElse(PERIOD);
        if (end.compareTo(AGAIN) < 0) {
            return AGAIN;
        }
        return end.compareTo(PERIOD) < 0 ? end : PERIOD;
    }
}
