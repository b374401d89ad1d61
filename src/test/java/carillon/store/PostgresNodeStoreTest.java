package carillon.store;

final class PostgresNodeStoreTest extends NodeStoreContract {
    PostgresNodeStoreTest() {
        super(new PostgresFixture());
    }
}
