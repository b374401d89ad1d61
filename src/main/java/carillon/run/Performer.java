package carillon.run;

/// Does what an action says, once. Blocking; called on a thread of its own that is interrupted when
/// the run is cancelled or its time is over.
public interface Performer {
    /// Never throws for what the target did: that is an [Outcome]. An [InterruptedException] ends
    /// the attempt; whoever interrupted knows why.
    Outcome perform(Lease lease) throws InterruptedException;
}
