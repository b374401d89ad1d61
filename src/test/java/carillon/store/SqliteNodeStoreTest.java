package carillon.store;

final class SqliteNodeStoreTest extends NodeStoreContract {
    SqliteNodeStoreTest() {
        super(new SqliteFixture());
    }
}
