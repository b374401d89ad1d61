package carillon.store;

final class SqliteAuditStoreTest extends AuditStoreContract {
    SqliteAuditStoreTest() {
        super(new SqliteFixture());
    }
}
