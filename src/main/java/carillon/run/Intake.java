package carillon.run;

import carillon.cluster.Holder;
import java.util.List;
import java.util.Optional;

/// The way from a use case to this node's engine.
public interface Intake {
    /// The holder to whom `runs` new runs may be leased, so that they start here at once; empty
    /// when this node has no room or takes no work any more, and they are to wait in the queue.
    Optional<Holder> roomFor(int runs);

    /// Hands over runs that are leased to this node.
    void accept(List<Lease> leases);

    /// Interrupts the run's attempt, if it is under way here. Its end is on disk already.
    void cancelled(RunId run);

    /// There is something new to plan or to claim.
    void wake();
}
