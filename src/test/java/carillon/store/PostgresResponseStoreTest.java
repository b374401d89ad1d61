package carillon.store;

final class PostgresResponseStoreTest extends ResponseStoreContract {
    PostgresResponseStoreTest() {
        super(new PostgresFixture());
    }
}
