package carillon.store;

final class SqliteProcessorStoreTest extends ProcessorStoreContract {
    SqliteProcessorStoreTest() {
        super(new SqliteFixture());
    }
}
