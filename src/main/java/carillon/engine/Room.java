package carillon.engine;

import carillon.run.Lease;
import carillon.run.RunId;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The leased runs that this node has in memory, from planned or claimed to durably ended: what
/// keeps a node from taking more than it can carry, and from forgetting what it took.
final class Room {
    private final int capacity;
    private final Set<RunId> inside = ConcurrentHashMap.newKeySet();
    private volatile boolean wasFull;
    private final Runnable hasSpaceAgain;

    /// `hasSpaceAgain` is called when a run leaves after the room was found full.
    Room(int capacity, Runnable hasSpaceAgain) {
        this.capacity = capacity;
        this.hasSpaceAgain = hasSpaceAgain;
    }

    int free() {
        int free = Math.max(0, capacity - inside.size());
        if (free == 0) {
            wasFull = true;
        }
        return free;
    }

    boolean contains(RunId run) {
        return inside.contains(run);
    }

    /// Lets the runs in and returns those that were not inside already.
    List<Lease> enter(List<Lease> leases) {
        return leases.stream().filter(lease -> inside.add(lease.run().id())).toList();
    }

    void leave(RunId run) {
        inside.remove(run);
        if (wasFull) {
            wasFull = false;
            hasSpaceAgain.run();
        }
    }
}
