package carillon.store;

final class PostgresBatchStoreTest extends BatchStoreContract {
    PostgresBatchStoreTest() {
        super(new PostgresFixture());
    }
}
