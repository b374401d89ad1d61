package carillon.event;

import java.time.Instant;
import java.util.List;

/// The log of events. The stores write events themselves, each in the transaction that it tells of.
public interface EventStore {
    /// The events with an id above `id`, in order; at most about `limit`.
    List<Event> after(long id, int limit);

    /// The id of the newest event, 0 when there is none.
    long newest();

    /// Forgets events older than `before`, in one short transaction; returns how many rows went.
    int prune(Instant before, int limit);
}
