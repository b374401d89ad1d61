package carillon.engine;

import carillon.run.LeaseStore;
import carillon.run.RunState;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;

/// Gives the runs of dead nodes back to the queue.
public final class Rescuer implements Duty {
    private static final Logger log = System.getLogger(Rescuer.class.getName());
    private static final Duration PERIOD = Duration.ofSeconds(1);
    private static final int MAX_BATCH = 500;

    private final LeaseStore leases;
    private final Signal claimSignal;

    public Rescuer(LeaseStore leases, Signal claimSignal) {
        this.leases = leases;
        this.claimSignal = claimSignal;
    }

    @Override
    public Instant runOnce(Instant now) {
        var rescued = leases.rescue(now, MAX_BATCH);
        if (rescued.isEmpty()) {
            return now.plus(PERIOD);
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
        return rescued.size() == MAX_BATCH ? now : now.plus(PERIOD);
    }
}
