package carillon.store;

final class PostgresEndStoreTest extends EndStoreContract {
    PostgresEndStoreTest() {
        super(new PostgresFixture());
    }
}
