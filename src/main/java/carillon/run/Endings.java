package carillon.run;

import java.util.Collection;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/// Lets a caller on this node wait for the end of a run. Only a hint to look: the truth is on disk,
/// and a run that ends on another node is not announced here.
public final class Endings {
    private final Map<RunId, CompletableFuture<Void>> waiting = new ConcurrentHashMap<>();

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

    void forget(RunId run) {
        waiting.remove(run);
    }
}
