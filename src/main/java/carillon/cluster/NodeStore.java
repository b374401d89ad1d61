package carillon.cluster;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The leases of the nodes. Each method is one transaction. Where nodes share a database, leases
/// are judged by its clock: of the callers' instants only the time between them counts.
public interface NodeStore {
    /// Starts a new life of the node: gives it an epoch above all earlier ones and a lease until
    /// `leaseUntil`, and ends the leases of its earlier lives at once.
    Holder join(String node, Instant now, Instant leaseUntil);

    /// Returns false, and changes nothing, when the lease has been ended or has run out: the node
    /// must stop working at once and join anew.
    boolean renew(Holder holder, Instant now, Instant leaseUntil);

    /// Ends the lease, on a graceful stop. What the holder still has is rescued like a dead one's.
    void leave(Holder holder);

    /// What time it is by the clock that judges leases, when it is `now` for the caller.
    Instant now(Instant now);

    /// How long it is until the next lease of a life that has not been ended is over, by the clock
    /// that judges leases; zero or less when one is over already, empty when there is none.
    Optional<Duration> untilNextEnd(Instant now);

    /// Whether all nodes are to start nothing, as after the restore of a backup.
    boolean isHeld();

    /// All lives that are alive or still hold runs, the oldest first.
    List<Node> nodes();
}
