package carillon.store;

final class SqliteRunStoreTest extends RunStoreContract {
    SqliteRunStoreTest() {
        super(new SqliteFixture());
    }
}
