package carillon.store;

final class SqliteQuotaStoreTest extends QuotaStoreContract {
    SqliteQuotaStoreTest() {
        super(new SqliteFixture());
    }
}
