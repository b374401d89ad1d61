package carillon.store;

import carillon.audit.Actor;
import carillon.audit.Change;
import java.time.Instant;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;

/// A write under way, with the events that it brings about and what the audit log is to tell of it.
final class Transaction extends Session {
    private final Actor actor;
    private final EventPage events = new EventPage();
    private final AuditPage audit = new AuditPage();

    /// `actor` is who has asked for the write.
    Transaction(Handle handle, Dialect dialect, Actor actor) {
        super(handle, dialect);
        this.actor = actor;
    }

    /// The last steps before every commit: the events, the ends of runs counted in all and by their
    /// tasks, and the audit entries, dated `now`.
    void finish(Instant now) {
        SqlEventStore.append(this, now);
        SqlTallyStore.append(this, now);
        TaskTallies.append(this);
        audit.append(this, now);
    }

    EventPage events() {
        return events;
    }

    /// Notes a change for the audit log. Every store calls this where it changes what people have
    /// made, and when it has: not for a race that was lost.
    void audit(Change change) {
        audit.add(actor, change);
    }

    /// Executes an update that changes one row or none; notes the change when it did. Returns
    /// whether it did.
    boolean changed(Update update, Change change) {
        boolean changed = update.execute() == 1;
        if (changed) {
            audit(change);
        }
        return changed;
    }

    /// The same for what the engine does all the time: noted only when somebody has asked for it.
    void auditIfAsked(Change change) {
        if (!actor.equals(Actor.SERVER)) {
            audit(change);
        }
    }

    /// Takes over what a write that shares this commit has brought about.
    void addAll(Transaction part) {
        events.addAll(part.events);
        audit.addAll(part.audit);
    }
}
