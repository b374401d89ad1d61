package carillon.store;

import static carillon.store.Columns.instant;
import static carillon.store.Columns.millis;
import static carillon.store.Columns.optionalInstant;

import carillon.audit.Change;
import carillon.auth.Key;
import carillon.auth.KeyStore;
import carillon.auth.Role;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/// API keys in SQL.
final class SqlKeyStore implements KeyStore {
    private final Database database;
    private final Ids ids;

    SqlKeyStore(Foundation foundation) {
        this.database = foundation.database();
        this.ids = foundation.ids();
    }

    @Override
    public long newId() {
        return ids.next();
    }

    private static final String KEEP_SECRET =
            """
            INSERT INTO key_secret (one, secret) VALUES (1, :secret) ON CONFLICT (one) DO NOTHING
            """;

    private static final String SECRET = "SELECT secret FROM key_secret WHERE one = 1";

    @Override
    public String secret(String proposed) {
        var doing = "read the secret of the keys";
        var kept = database.read(doing, SqlKeyStore::secret);
        return kept.orElseGet(
                () ->
                        database.write(
                                doing,
                                transaction -> {
                                    transaction
                                            .update(KEEP_SECRET)
                                            .bind("secret", proposed)
                                            .execute();
                                    return secret(transaction).orElseThrow();
                                }));
    }

    private static Optional<String> secret(Session session) {
        return session.query(SECRET).mapTo(String.class).findOne();
    }

    private static final String ADD =
            """
            INSERT INTO api_key (id, name, digest, role, scopes, created_at, created_by, expires_at)
            VALUES (:id, :name, :digest, :role, :scopes, :createdAt, :createdBy, :expiresAt)
            ON CONFLICT (name) DO NOTHING
            """;

    @Override
    public boolean add(Key key, String digest) {
        return database.write(
                "store a key",
                transaction ->
                        transaction.changed(
                                transaction
                                        .update(ADD)
                                        .bind("id", key.id())
                                        .bind("name", key.name())
                                        .bind("digest", digest)
                                        .bind("role", key.role().name())
                                        .bind("scopes", String.join(",", sorted(key.scopes())))
                                        .bind("createdAt", key.createdAt().toEpochMilli())
                                        .bind("createdBy", key.createdBy())
                                        .bind("expiresAt", millis(key.expiresAt())),
                                Change.of(
                                        "key",
                                        "create",
                                        key.id(),
                                        key.name(),
                                        key.role().name().toLowerCase(Locale.ROOT))));
    }

    private static Set<String> sorted(Set<String> scopes) {
        return new TreeSet<>(scopes);
    }

    static final String FIND =
            """
            SELECT id, name, role, scopes, created_at, created_by, expires_at, last_used_at
              FROM api_key WHERE digest = :digest
            """;

    @Override
    public Optional<Key> find(String digest) {
        return database.read(
                "look for a key",
                session ->
                        session.query(FIND)
                                .bind("digest", digest)
                                .map((row, _) -> key(row))
                                .findOne());
    }

    private static final String LIST =
            """
            SELECT id, name, role, scopes, created_at, created_by, expires_at, last_used_at
              FROM api_key WHERE id < :before ORDER BY id DESC LIMIT :limit
            """;

    @Override
    public List<Key> list(OptionalLong before, int limit) {
        return database.read(
                "list the keys",
                session ->
                        session.query(LIST)
                                .bind("before", before.orElse(Long.MAX_VALUE))
                                .bind("limit", limit)
                                .map((row, _) -> key(row))
                                .list());
    }

    private static Key key(ResultSet row) throws SQLException {
        var scopes = row.getString("scopes");
        return new Key(
                row.getLong("id"),
                row.getString("name"),
                Role.valueOf(row.getString("role")),
                scopes.isEmpty() ? Set.of() : Set.of(scopes.split(",", -1)),
                instant(row, "created_at"),
                row.getString("created_by"),
                optionalInstant(row, "expires_at"),
                optionalInstant(row, "last_used_at"));
    }

    private static final String REVOKE = "DELETE FROM api_key WHERE id = :id";

    @Override
    public boolean revoke(long id) {
        return database.write(
                "revoke key " + id,
                transaction ->
                        transaction.changed(
                                transaction.update(REVOKE).bind("id", id),
                                Change.of("key", "revoke", id, "", "")));
    }

    private static final String USED =
            """
            UPDATE api_key SET last_used_at = :at
             WHERE id = :id AND (last_used_at IS NULL OR last_used_at < :at)
            """;

    @Override
    public void used(Map<Long, Instant> lastUses) {
        database.write(
                "note the use of keys",
                transaction -> {
                    var batch = transaction.batch(USED);
                    lastUses.forEach(
                            (id, at) -> batch.bind("id", id).bind("at", at.toEpochMilli()).add());
                    return Session.run(batch);
                });
    }
}
