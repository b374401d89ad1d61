package carillon.store;

final class PostgresLeaseStoreTest extends LeaseStoreContract {
    PostgresLeaseStoreTest() {
        super(new PostgresFixture());
    }
}
