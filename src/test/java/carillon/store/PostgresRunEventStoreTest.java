package carillon.store;

final class PostgresRunEventStoreTest extends RunEventStoreContract {
    PostgresRunEventStoreTest() {
        super(new PostgresFixture());
    }
}
