package carillon.engine;

import carillon.run.Completion;
import carillon.run.Endings;
import carillon.run.LeaseStore;
import carillon.run.Outcome;
import carillon.run.RunId;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// Writes the ends of attempts: all that have gathered while the last write was under way go into
/// one transaction. What it announces is on disk.
final class Completer implements Duty {
    private static final Logger log = System.getLogger(Completer.class.getName());
    private static final Duration IDLE = Duration.ofSeconds(1);
    private static final int MAX_BATCH = 1_000;

    private final LeaseStore leases;
    private final Room room;
    private final Endings endings;
    private final Signals signals;
    private final Queue<Completion> ended = new ConcurrentLinkedQueue<>();
    private final Deque<Completion> inHand = new ArrayDeque<>();

    Completer(LeaseStore leases, Room room, Endings endings, Signals signals) {
        this.leases = leases;
        this.room = room;
        this.endings = endings;
        this.signals = signals;
    }

    void offer(Completion completion) {
        ended.add(completion);
        signals.complete().fire();
    }

    boolean isIdle() {
        return ended.isEmpty() && inHand.isEmpty();
    }

    /// A batch that could not be written is written again at the next call.
    @Override
    public Instant runOnce(Instant now) {
        while (inHand.size() < MAX_BATCH) {
            var next = ended.poll();
            if (next == null) {
                break;
            }
            inHand.add(next);
        }
        if (inHand.isEmpty()) {
            return now.plus(IDLE);
        }
        var batch = List.copyOf(inHand);
        var lost = leases.complete(batch);
        inHand.clear();
        for (var run : lost) {
            log.log(Level.DEBUG, "the end of run {0} changed nothing: its lease was lost", run);
        }
        settle(batch);
        return ended.isEmpty() ? now.plus(IDLE) : now;
    }

    private void settle(List<Completion> batch) {
        var runs = new ArrayList<RunId>(batch.size());
        boolean again = false;
        boolean gated = false;
        for (var completion : batch) {
            var lease = completion.lease();
            room.leave(lease.run().id());
            runs.add(lease.run().id());
            if (completion.next() instanceof Outcome.Next.Finish) {
                endings.tellParent(lease.run());
            }
            again |= !(completion.next() instanceof Outcome.Next.Finish);
            gated |= lease.definition().policies().startsThroughGate();
        }
        endings.announce(runs);
        if (again || gated) {
            signals.claim().fire(); // There may be an attempt to come, or a run whose turn it is.
        }
    }
}
