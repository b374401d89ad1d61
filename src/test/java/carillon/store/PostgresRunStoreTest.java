package carillon.store;

final class PostgresRunStoreTest extends RunStoreContract {
    PostgresRunStoreTest() {
        super(new PostgresFixture());
    }
}
