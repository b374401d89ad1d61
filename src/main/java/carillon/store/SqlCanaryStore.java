package carillon.store;

import carillon.secret.CanaryStore;
import java.util.Optional;

/// The canary of the secrets' key in SQL.
final class SqlCanaryStore implements CanaryStore {
    private final Database database;

    SqlCanaryStore(Database database) {
        this.database = database;
    }

    private static final String FIND = "SELECT sealed FROM secret_canary WHERE one = 1";

    @Override
    public Optional<String> find() {
        return database.read("read the canary of the secrets", SqlCanaryStore::find);
    }

    private static Optional<String> find(Session session) {
        return session.query(FIND).mapTo(String.class).findOne();
    }

    private static final String KEEP =
            """
            INSERT INTO secret_canary (one, sealed) VALUES (1, :sealed)
            ON CONFLICT (one) DO NOTHING
            """;

    @Override
    public String keep(String proposed) {
        return database.write(
                "keep the canary of the secrets",
                transaction -> {
                    transaction.update(KEEP).bind("sealed", proposed).execute();
                    return find(transaction).orElseThrow();
                });
    }
}
