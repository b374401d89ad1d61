package carillon.outbox;

/// Brings deliveries of one kind to their targets. Blocking; called on a thread of its own.
public interface Courier {
    /// Tries once, within [Outbox#TRY_TIME]. Never throws for what the target did: that is the
    /// answer.
    Carried carry(Delivery delivery) throws InterruptedException;

    /// How often the delivery is tried.
    Backoff backoff(Delivery delivery);
}
