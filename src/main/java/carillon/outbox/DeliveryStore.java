package carillon.outbox;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Keeps deliveries until what they belong to is forgotten. Each method is one transaction; a lost
/// race is a return value.
public interface DeliveryStore {
    /// Those of one owner, by position.
    List<Delivery> of(long owner);

    /// Hands at most `limit` pending deliveries that are due at `now` to a node, those that are due
    /// longest first. Each counts one more attempt. Nobody else gets them before `until`; then they
    /// are due again, whatever became of the node.
    List<Delivery> claim(String node, int limit, Instant now, Instant until);

    /// When the next pending delivery is due; empty when there is none.
    Optional<Instant> nextDue();

    /// Writes how a try ended. Returns false, and changes nothing, when the delivery is at another
    /// attempt (its time with this node had run out) or gone.
    boolean end(Delivery delivery, Ending ending, Instant now);
}
