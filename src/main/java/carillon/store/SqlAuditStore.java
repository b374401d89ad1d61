package carillon.store;

import static carillon.store.Columns.instant;

import carillon.audit.Actor;
import carillon.audit.AuditEntry;
import carillon.audit.AuditQuery;
import carillon.audit.AuditStore;
import carillon.audit.Change;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.statement.Query;

/// The audit log in SQL.
final class SqlAuditStore implements AuditStore {
    private final Database database;

    SqlAuditStore(Database database) {
        this.database = database;
    }

    private static final String ENDS =
            "SELECT anchor, anchor_hash, head, head_hash FROM audit_ends WHERE one = 1";

    @Override
    public Ends ends() {
        return database.read(
                "read the ends of the audit log",
                session -> session.query(ENDS).map((row, _) -> ends(row)).one());
    }

    private static Ends ends(ResultSet row) throws SQLException {
        return new Ends(
                row.getLong("anchor"),
                row.getString("anchor_hash"),
                row.getLong("head"),
                row.getString("head_hash"));
    }

    @Override
    public List<AuditEntry> list(AuditQuery query) {
        var sql = new StringBuilder("SELECT * FROM audit WHERE id < :before");
        query.actor().ifPresent(_ -> sql.append(" AND actor = :actor"));
        query.action().ifPresent(_ -> sql.append(" AND action = :action"));
        query.kind().ifPresent(_ -> sql.append(" AND kind = :kind"));
        query.target().ifPresent(_ -> sql.append(" AND target = :target"));
        query.from().ifPresent(_ -> sql.append(" AND at >= :from"));
        query.to().ifPresent(_ -> sql.append(" AND at < :to"));
        sql.append(" ORDER BY id DESC LIMIT :limit");
        return database.read(
                "list the audit log",
                session -> entries(bind(session.query(sql.toString()), query)));
    }

    private static Query bind(Query listing, AuditQuery query) {
        listing.bind("before", query.before().orElse(Long.MAX_VALUE));
        listing.bind("limit", query.limit());
        query.actor().ifPresent(actor -> listing.bind("actor", actor));
        query.action().ifPresent(action -> listing.bind("action", action));
        query.kind().ifPresent(kind -> listing.bind("kind", kind));
        query.target().ifPresent(target -> listing.bind("target", target));
        query.from().ifPresent(from -> listing.bind("from", from.toEpochMilli()));
        query.to().ifPresent(to -> listing.bind("to", to.toEpochMilli()));
        return listing;
    }

    private static final String AFTER =
            "SELECT * FROM audit WHERE id > :id ORDER BY id LIMIT :limit";

    @Override
    public List<AuditEntry> after(long id, int limit) {
        return database.read(
                "read the audit log",
                session -> entries(session.query(AFTER).bind("id", id).bind("limit", limit)));
    }

    private static List<AuditEntry> entries(Query query) {
        return query.map((row, _) -> entry(row)).list();
    }

    private static AuditEntry entry(ResultSet row) throws SQLException {
        var actor =
                new Actor(
                        row.getString("actor"),
                        row.getString("address"),
                        row.getString("api"),
                        row.getString("request"));
        var change =
                new Change(
                        row.getString("action"),
                        row.getString("kind"),
                        row.getString("target"),
                        row.getString("name"),
                        row.getString("detail"));
        return new AuditEntry(
                row.getLong("id"), instant(row, "at"), actor, change, row.getString("hash"));
    }

    private static final String LOCK_ENDS =
            "SELECT anchor, anchor_hash, head, head_hash FROM audit_ends /* lock */";

    private static final String DELETE = "DELETE FROM audit WHERE id <= :upTo";

    private static final String MOVE_ANCHOR =
            "UPDATE audit_ends SET anchor = :anchor, anchor_hash = :hash WHERE one = 1";

    /// Dates can go back by a little, when clocks do; the oldest by its id goes first all the same.
    @Override
    public int prune(Instant before, int limit) {
        var oldest = after(ends().anchor(), limit);
        var old = oldest.stream().takeWhile(entry -> entry.at().isBefore(before)).toList();
        if (old.isEmpty()) {
            return 0;
        }
        return database.write(
                "forget old audit entries",
                transaction -> {
                    var ends = transaction.query(LOCK_ENDS).map((row, _) -> ends(row)).one();
                    if (ends.anchor() >= old.getFirst().id()) {
                        return 0; // Another node was faster.
                    }
                    transaction.update(DELETE).bind("upTo", old.getLast().id()).execute();
                    return transaction
                                    .update(MOVE_ANCHOR)
                                    .bind("anchor", old.getLast().id())
                                    .bind("hash", old.getLast().hash())
                                    .execute()
                            * old.size();
                });
    }
}
