package carillon.store;

final class PostgresQuotaStoreTest extends QuotaStoreContract {
    PostgresQuotaStoreTest() {
        super(new PostgresFixture());
    }
}
