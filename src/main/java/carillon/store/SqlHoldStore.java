package carillon.store;

import static carillon.store.Columns.instant;

import carillon.audit.Change;
import carillon.cluster.Hold;
import carillon.cluster.HoldStore;
import java.util.Optional;

/// The hold in SQL.
final class SqlHoldStore implements HoldStore {
    private final Database database;

    SqlHoldStore(Database database) {
        this.database = database;
    }

    private static final String FIND = "SELECT since, reason FROM hold WHERE one = 1";

    @Override
    public Optional<Hold> find() {
        return database.read(
                "read the hold",
                session ->
                        session.query(FIND)
                                .map(
                                        (row, _) ->
                                                new Hold(
                                                        instant(row, "since"),
                                                        row.getString("reason")))
                                .findOne());
    }

    @Override
    public boolean release(String detail) {
        return database.write(
                "release the hold",
                transaction ->
                        transaction.changed(
                                transaction.update("DELETE FROM hold WHERE one = 1"),
                                Change.of("hold", "release", "1", "", detail)));
    }
}
