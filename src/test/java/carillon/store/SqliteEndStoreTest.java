package carillon.store;

final class SqliteEndStoreTest extends EndStoreContract {
    SqliteEndStoreTest() {
        super(new SqliteFixture());
    }
}
