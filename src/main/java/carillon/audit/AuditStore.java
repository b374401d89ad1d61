package carillon.audit;

import java.time.Instant;
import java.util.List;

/// Keeps the log. Entries are added by the stores whose changes they tell of.
public interface AuditStore {
    /// Where the chain begins and ends: the last entry that was pruned (id 0 and
    /// [AuditEntry#GENESIS] when none was), and the newest one.
    record Ends(long anchor, String anchorHash, long head, String headHash) {}

    Ends ends();

    List<AuditEntry> list(AuditQuery query);

    /// Entries with ids above `id`, oldest first.
    List<AuditEntry> after(long id, int limit);

    /// Forgets at most `limit` entries, the oldest, that were made before the instant. The chain
    /// begins at the last of them from then on. Returns how many.
    int prune(Instant before, int limit);
}
