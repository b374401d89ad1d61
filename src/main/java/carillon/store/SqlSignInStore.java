package carillon.store;

import static carillon.store.Columns.instant;

import carillon.audit.Change;
import carillon.auth.SignIn;
import carillon.auth.SignInStore;
import java.time.Instant;
import java.util.Optional;

/// Sign-ins of browsers in SQL.
final class SqlSignInStore implements SignInStore {
    /// How much of a digest the audit log shows: enough to tell sign-ins apart.
    private static final int SHOWN = 12;

    private final Database database;

    SqlSignInStore(Foundation foundation) {
        this.database = foundation.database();
    }

    private static final String BEGIN =
            """
            INSERT INTO sign_in (digest, fingerprint, name, begun_at, until_at)
            VALUES (:digest, :fingerprint, :name, :begunAt, :until)
            """;

    @Override
    public void begin(SignIn signIn) {
        database.write(
                "begin a sign-in",
                transaction ->
                        transaction.changed(
                                transaction
                                        .update(BEGIN)
                                        .bind("digest", signIn.digest())
                                        .bind("fingerprint", signIn.fingerprint())
                                        .bind("name", signIn.name())
                                        .bind("begunAt", signIn.begunAt().toEpochMilli())
                                        .bind("until", signIn.until().toEpochMilli()),
                                change("begin", signIn.digest(), signIn.name())));
    }

    private static Change change(String verb, String digest, String name) {
        var shown = digest.substring(0, Math.min(SHOWN, digest.length()));
        return Change.of("sign_in", verb, shown, name, "");
    }

    static final String FIND =
            """
            SELECT digest, fingerprint, name, begun_at, until_at
              FROM sign_in WHERE digest = :digest
            """;

    @Override
    public Optional<SignIn> find(String digest) {
        return database.read("look for a sign-in", session -> find(session, digest));
    }

    private static Optional<SignIn> find(Session reader, String digest) {
        return reader.query(FIND)
                .bind("digest", digest)
                .map(
                        (row, _) ->
                                new SignIn(
                                        row.getString("digest"),
                                        row.getString("fingerprint"),
                                        row.getString("name"),
                                        instant(row, "begun_at"),
                                        instant(row, "until_at")))
                .findOne();
    }

    private static final String END = "DELETE FROM sign_in WHERE digest = :digest";

    @Override
    public boolean end(String digest) {
        return database.write(
                "end a sign-in",
                transaction ->
                        transaction.changed(
                                transaction.update(END).bind("digest", digest),
                                change("end", digest, "")));
    }

    static final String FORGET =
            """
            DELETE FROM sign_in WHERE digest IN (
                SELECT digest FROM sign_in WHERE until_at < :before LIMIT :limit)
            """;

    @Override
    public int forget(Instant before, int limit) {
        return database.write(
                "forget sign-ins",
                transaction ->
                        transaction
                                .update(FORGET)
                                .bind("before", before.toEpochMilli())
                                .bind("limit", limit)
                                .execute());
    }
}
