package carillon.store;

final class PostgresProcessorStoreTest extends ProcessorStoreContract {
    PostgresProcessorStoreTest() {
        super(new PostgresFixture());
    }
}
