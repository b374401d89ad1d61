package carillon.event;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/// The log of events. The stores write events themselves, each in the transaction that it tells of.
public interface EventStore {
    /// The events with an id above `id`, in order; at most about `limit`.
    List<Event> after(long id, int limit);

    /// The id of the newest event, 0 when there is none.
    long newest();

    /// Writes an event that no other write tells of. `facts` are JSON values.
    void add(String type, Map<String, Object> facts);

    /// Forgets events older than `before`, but for those that a webhook still is to be told of, in
    /// one short transaction; returns how many rows went.
    int prune(Instant before, int limit);
}
