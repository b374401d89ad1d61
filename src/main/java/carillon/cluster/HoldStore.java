package carillon.cluster;

import java.util.Optional;

/// Whether the nodes are held. Each method is one transaction.
public interface HoldStore {
    /// Empty when nothing is held.
    Optional<Hold> find();

    /// Ends the hold; `detail` is for the audit log. Returns false when there was none.
    boolean release(String detail);
}
