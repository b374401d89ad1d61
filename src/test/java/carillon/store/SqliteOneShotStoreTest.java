package carillon.store;

final class SqliteOneShotStoreTest extends OneShotStoreContract {
    SqliteOneShotStoreTest() {
        super(new SqliteFixture());
    }
}
