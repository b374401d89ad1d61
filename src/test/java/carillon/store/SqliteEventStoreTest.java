package carillon.store;

final class SqliteEventStoreTest extends EventStoreContract {
    SqliteEventStoreTest() {
        super(new SqliteFixture());
    }
}
