package carillon.store;

import static carillon.store.Columns.instant;
import static java.util.Objects.requireNonNull;

import carillon.idempotency.Claim;
import carillon.idempotency.IdempotencyKey;
import carillon.idempotency.IdempotencyStore;
import carillon.idempotency.KeptAnswer;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// Idempotency keys and answers in SQL.
final class SqlIdempotencyStore implements IdempotencyStore {
    private final Database database;
    private final Purges purges;

    SqlIdempotencyStore(Foundation foundation) {
        this.database = foundation.database();
        this.purges = new Purges(database);
    }

    private static final String FORGET_OLD =
            """
            DELETE FROM idempotency
             WHERE principal = :principal AND key = :key AND created_at <= :before
            """;

    /// Waits, on PostgreSQL, for another claim of the same key that is being committed.
    private static final String TAKE =
            """
            INSERT INTO idempotency (principal, key, fingerprint, created_at)
            VALUES (:principal, :key, :fingerprint, :now)
            ON CONFLICT (principal, key) DO NOTHING
            """;

    private static final String TAKEN =
            """
            SELECT fingerprint, created_at, status, content_type, headers, body
              FROM idempotency WHERE principal = :principal AND key = :key
            """;

    @Override
    public Claim claim(IdempotencyKey key, String fingerprint, Instant now) {
        return database.write(
                "take an idempotency key",
                transaction -> {
                    transaction
                            .update(FORGET_OLD)
                            .bind("principal", key.principal())
                            .bind("key", key.text())
                            .bind("before", now.minus(KEPT).toEpochMilli())
                            .execute();
                    int taken =
                            transaction
                                    .update(TAKE)
                                    .bind("principal", key.principal())
                                    .bind("key", key.text())
                                    .bind("fingerprint", fingerprint)
                                    .bind("now", now.toEpochMilli())
                                    .execute();
                    return taken == 1
                            ? new Claim.Granted()
                            : taken(transaction, key, fingerprint, now);
                });
    }

    /// One that has been given back since we tried to take it is said to be open: the client is to
    /// try again.
    private static Claim taken(
            Session session, IdempotencyKey key, String fingerprint, Instant now) {
        return session.query(TAKEN)
                .bind("principal", key.principal())
                .bind("key", key.text())
                .map((row, _) -> claim(row, fingerprint))
                .findOne()
                .orElseGet(() -> new Claim.Open(now));
    }

    private static Claim claim(ResultSet row, String fingerprint) throws SQLException {
        if (!fingerprint.equals(row.getString("fingerprint"))) {
            return new Claim.OtherRequest();
        }
        int status = row.getInt("status");
        return row.wasNull()
                ? new Claim.Open(instant(row, "created_at"))
                : new Claim.Answered(
                        new KeptAnswer(
                                status,
                                requireNonNull(row.getString("content_type")),
                                headers(requireNonNull(row.getString("headers"))),
                                Optional.ofNullable(row.getString("body"))));
    }

    private static Map<String, String> headers(String lines) {
        var headers = new HashMap<String, String>();
        for (var line : lines.lines().toList()) {
            int colon = line.indexOf(": ");
            headers.put(line.substring(0, colon), line.substring(colon + 2));
        }
        return headers;
    }

    private static String lines(Map<String, String> headers) {
        return headers.entrySet().stream()
                .map(header -> header.getKey() + ": " + header.getValue())
                .sorted()
                .collect(Collectors.joining("\n"));
    }

    private static final String COMPLETE =
            """
            UPDATE idempotency
               SET status = :status, content_type = :contentType, headers = :headers, body = :body
             WHERE principal = :principal AND key = :key
            """;

    @Override
    public void complete(IdempotencyKey key, KeptAnswer answer) {
        database.write(
                "keep the answer to an idempotency key",
                transaction ->
                        transaction
                                .update(COMPLETE)
                                .bind("principal", key.principal())
                                .bind("key", key.text())
                                .bind("status", answer.status())
                                .bind("contentType", answer.contentType())
                                .bind("headers", lines(answer.headers()))
                                .bind("body", answer.body().orElse(null))
                                .execute());
    }

    private static final String WITHDRAW =
            """
            DELETE FROM idempotency
             WHERE principal = :principal AND key = :key AND status IS NULL
            """;

    @Override
    public void withdraw(IdempotencyKey key) {
        database.write(
                "give back an idempotency key",
                transaction ->
                        transaction
                                .update(WITHDRAW)
                                .bind("principal", key.principal())
                                .bind("key", key.text())
                                .execute());
    }

    private static final String NEWEST_TOO_MANY =
            "SELECT created_at FROM idempotency ORDER BY created_at DESC LIMIT 1 OFFSET :max";

    private static final String ANY_UNTIL =
            "SELECT created_at FROM idempotency WHERE created_at <= :until LIMIT 1";

    private static final String PRUNE =
            """
            DELETE FROM idempotency
             WHERE (principal, key) IN (
                SELECT principal, key FROM idempotency
                 WHERE created_at <= :until ORDER BY created_at LIMIT :limit)
            """;

    @Override
    public int prune(Instant before, int max, int limit) {
        long until = Math.max(before.toEpochMilli() - 1, newestTooMany(max));
        return purges.upTo(limit, wanted -> isNoneUntil(until) ? 0 : forget(until, wanted));
    }

    private int forget(long until, int limit) {
        return purges.run(
                "forget idempotency keys",
                transaction ->
                        transaction
                                .update(PRUNE)
                                .bind("until", until)
                                .bind("limit", limit)
                                .execute());
    }

    private boolean isNoneUntil(long until) {
        return createdAt(ANY_UNTIL, "until", until).isEmpty();
    }

    private long newestTooMany(int max) {
        return createdAt(NEWEST_TOO_MANY, "max", max).orElse(Long.MIN_VALUE);
    }

    private Optional<Long> createdAt(String statement, String name, long value) {
        return database.read(
                "look for idempotency keys",
                session -> session.query(statement).bind(name, value).mapTo(Long.class).findOne());
    }
}
