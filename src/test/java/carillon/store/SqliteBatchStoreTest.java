package carillon.store;

final class SqliteBatchStoreTest extends BatchStoreContract {
    SqliteBatchStoreTest() {
        super(new SqliteFixture());
    }
}
