package carillon.store;

import static carillon.store.Columns.text;

import carillon.audit.Actor;
import carillon.audit.AuditEntry;
import carillon.audit.Change;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// The changes of one transaction that the audit log is to tell of, each with who asked for it.
final class AuditPage {
    private record Deed(Actor actor, Change change) {}

    private final List<Deed> deeds = new ArrayList<>();

    void add(Actor actor, Change change) {
        deeds.add(new Deed(actor, kept(change)));
    }

    /// In texts that both databases give back as they were: the hash is of what can be read again.
    private static Change kept(Change change) {
        return new Change(
                text(change.action()),
                text(change.kind()),
                text(change.target()),
                text(change.name()),
                text(change.detail()));
    }

    void addAll(AuditPage more) {
        deeds.addAll(more.deeds);
    }

    private static final String ENDS = "SELECT head, head_hash FROM audit_ends /* lock */";

    private static final String APPEND =
            """
            INSERT INTO audit (id, at, actor, address, api, request, action, kind, target, name,
                               detail, hash)
            VALUES (:id, :at, :actor, :address, :api, :request, :action, :kind, :target, :name,
                    :detail, :hash)
            """;

    private static final String MOVE_HEAD =
            "UPDATE audit_ends SET head = :head, head_hash = :hash WHERE one = 1";

    private record Head(long id, String hash) {}

    /// Links the changes to the chain, dated `now`: the last step before the commit, because the
    /// chain has one end, which the transaction holds from here on.
    void append(Transaction transaction, Instant now) {
        if (deeds.isEmpty()) {
            return;
        }
        var at = Instant.ofEpochMilli(now.toEpochMilli());
        var head =
                transaction
                        .query(ENDS)
                        .map((row, _) -> new Head(row.getLong("head"), row.getString("head_hash")))
                        .one();
        var batch = transaction.batch(APPEND);
        for (var deed : deeds) {
            var entry = AuditEntry.after(head.hash, head.id + 1, at, deed.actor, deed.change);
            head = new Head(entry.id(), entry.hash());
            batch.bind("id", entry.id())
                    .bind("at", at.toEpochMilli())
                    .bind("actor", entry.actor().name())
                    .bind("address", entry.actor().address())
                    .bind("api", entry.actor().api())
                    .bind("request", entry.actor().request())
                    .bind("action", entry.change().action())
                    .bind("kind", entry.change().kind())
                    .bind("target", entry.change().target())
                    .bind("name", entry.change().name())
                    .bind("detail", entry.change().detail())
                    .bind("hash", entry.hash())
                    .add();
        }
        Session.run(batch);
        transaction.update(MOVE_HEAD).bind("head", head.id).bind("hash", head.hash).execute();
    }
}
