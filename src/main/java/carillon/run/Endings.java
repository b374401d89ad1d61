package carillon.run;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/// Lets a caller on this node wait for the end of a run. Only a hint to look: the truth is on disk,
/// and a run that ends on another node is not announced here.
public final class Endings {
    private final Map<RunId, CompletableFuture<Void>> waiting = new ConcurrentHashMap<>();
    private final Map<RunId, Hearing> hearings = new ConcurrentHashMap<>();

    private volatile BiConsumer<RunId, RunId> abroad = (_, _) -> {};

    /// A future that completes when the end of the run is announced on this node.
    public CompletableFuture<Void> of(RunId run) {
        return waiting.computeIfAbsent(run, _ -> new CompletableFuture<>());
    }

    /// Tells those who wait that the runs have ended, after their ends are durable.
    public void announce(Collection<RunId> ended) {
        if (waiting.isEmpty()) {
            return;
        }
        for (var run : ended) {
            var future = waiting.remove(run);
            if (future != null) {
                future.complete(null);
            }
        }
    }

    /// Lets a run that sees to others hear of their ends, until it is closed.
    public Hearing hear(RunId parent) {
        var hearing = new Hearing(parent);
        hearings.put(parent, hearing);
        return hearing;
    }

    /// Tells the run that sees to this one that this one has ended.
    public void tellParent(Run ended) {
        if (!ended.occasion().trigger().isSeenTo()) {
            return;
        }
        var parent = ended.occasion().parent();
        if (parent.isPresent() && !tell(parent.get(), ended.id())) {
            abroad.accept(parent.get(), ended.id());
        }
    }

    /// Tells that run, if it listens here, that one has ended that it sees to; returns whether it
    /// does.
    public boolean tell(RunId parent, RunId ended) {
        var hearing = hearings.get(parent);
        if (hearing != null) {
            hearing.heard.add(ended);
        }
        return hearing != null;
    }

    /// Who is told, with its parent first, of each end that nobody here listens for.
    public void elsewhere(BiConsumer<RunId, RunId> others) {
        abroad = others;
    }

    /// What one run hears of those that it sees to. As with [#of], a hint to look.
    public final class Hearing implements AutoCloseable {
        private final RunId parent;
        private final BlockingQueue<RunId> heard = new LinkedBlockingQueue<>();

        private Hearing(RunId parent) {
            this.parent = parent;
        }

        /// Those that have ended since the last call; waits for one at most `patience`.
        public List<RunId> take(Duration patience) throws InterruptedException {
            var ended = new ArrayList<RunId>();
            var first = heard.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
            if (first != null) {
                ended.add(first);
                heard.drainTo(ended);
            }
            return ended;
        }

        /// Ends a [#take] that waits; it returns the parent itself.
        public void wake() {
            heard.add(parent);
        }

        @Override
        public void close() {
            hearings.remove(parent, this);
        }
    }

    void forget(RunId run) {
        waiting.remove(run);
    }
}
