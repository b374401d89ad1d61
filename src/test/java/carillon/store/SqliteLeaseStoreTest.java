package carillon.store;

final class SqliteLeaseStoreTest extends LeaseStoreContract {
    SqliteLeaseStoreTest() {
        super(new SqliteFixture());
    }
}
