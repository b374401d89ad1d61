package carillon.store;

final class SqliteRunEventStoreTest extends RunEventStoreContract {
    SqliteRunEventStoreTest() {
        super(new SqliteFixture());
    }
}
