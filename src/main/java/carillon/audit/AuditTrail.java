package carillon.audit;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// Reads the log, and finds out whether anybody has tampered with it.
public final class AuditTrail {
    /// For how long entries are kept.
    public static final Duration KEPT = Duration.ofDays(365);

    private static final int PAGE = 1_000;

    private final AuditStore store;

    public AuditTrail(AuditStore store) {
        this.store = store;
    }

    /// What a walk along the whole chain found.
    public sealed interface Verdict {
        /// Every entry follows the one before it. `hash` is that of the newest: who notes it
        /// elsewhere can tell later that nothing up to it was written anew.
        record Whole(long entries, long newest, String hash) implements Verdict {}

        /// The first place at which the chain does not hold, and how.
        record Broken(long id, String reason) implements Verdict {}
    }

    public List<AuditEntry> list(AuditQuery query) {
        return store.list(query);
    }

    /// Walks from the oldest entry to the one that is the newest now, a page at a time.
    public Verdict verify() {
        while (true) {
            var ends = store.ends();
            var verdict = walk(ends);
            if (verdict instanceof Verdict.Whole || store.ends().anchor() == ends.anchor()) {
                return verdict;
            }
            // Entries were pruned while they were to be read.
        }
    }

    private Verdict walk(AuditStore.Ends ends) {
        long id = ends.anchor();
        var hash = ends.anchorHash();
        while (id < ends.head()) {
            var page = store.after(id, PAGE);
            if (page.isEmpty()) {
                return missing(id + 1);
            }
            for (var entry : page) {
                if (entry.id() != id + 1) {
                    return missing(id + 1);
                }
                if (!entry.follows(hash)) {
                    return new Verdict.Broken(
                            entry.id(), "the entry is not what was written after the one before");
                }
                id = entry.id();
                hash = entry.hash();
                if (id == ends.head()) {
                    break;
                }
            }
        }
        if (!hash.equals(ends.headHash())) {
            return new Verdict.Broken(id, "the newest entry is not the one that was written");
        }
        return new Verdict.Whole(id - ends.anchor(), id, hash);
    }

    private static Verdict missing(long id) {
        return new Verdict.Broken(id, "the entry is missing");
    }

    /// Forgets what is older than [#KEPT]; returns how many entries, at most `limit`.
    public int prune(Instant now, int limit) {
        return store.prune(now.minus(KEPT), limit);
    }
}
