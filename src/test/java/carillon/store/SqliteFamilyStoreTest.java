package carillon.store;

final class SqliteFamilyStoreTest extends FamilyStoreContract {
    SqliteFamilyStoreTest() {
        super(new SqliteFixture());
    }
}
