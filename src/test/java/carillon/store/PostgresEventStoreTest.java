package carillon.store;

final class PostgresEventStoreTest extends EventStoreContract {
    PostgresEventStoreTest() {
        super(new PostgresFixture());
    }
}
