package carillon.store;

final class PostgresFamilyStoreTest extends FamilyStoreContract {
    PostgresFamilyStoreTest() {
        super(new PostgresFixture());
    }
}
