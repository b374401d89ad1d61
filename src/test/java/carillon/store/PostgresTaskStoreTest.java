package carillon.store;

final class PostgresTaskStoreTest extends TaskStoreContract {
    PostgresTaskStoreTest() {
        super(new PostgresFixture());
    }
}
