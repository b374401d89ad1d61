package carillon.store;

final class SqliteHoldStoreTest extends HoldStoreContract {
    SqliteHoldStoreTest() {
        super(new SqliteFixture());
    }
}
