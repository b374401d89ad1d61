package carillon.store;

final class SqliteResponseStoreTest extends ResponseStoreContract {
    SqliteResponseStoreTest() {
        super(new SqliteFixture());
    }
}
