package carillon.store;

final class PostgresAuditStoreTest extends AuditStoreContract {
    PostgresAuditStoreTest() {
        super(new PostgresFixture());
    }
}
