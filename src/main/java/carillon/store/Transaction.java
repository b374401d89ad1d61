package carillon.store;

import java.time.Instant;
import org.jdbi.v3.core.Handle;

/// A write under way, with the events that it brings about.
final class Transaction extends Session {
    private final EventPage events = new EventPage();

    Transaction(Handle handle, Dialect dialect) {
        super(handle, dialect);
    }

    /// The last step before every commit: the events, dated `now`.
    void finish(Instant now) {
        SqlEventStore.append(this, now);
    }

    EventPage events() {
        return events;
    }
}
