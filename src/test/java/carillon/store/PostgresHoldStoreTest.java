package carillon.store;

final class PostgresHoldStoreTest extends HoldStoreContract {
    PostgresHoldStoreTest() {
        super(new PostgresFixture());
    }
}
