package carillon.store;

final class SqliteModelStoreTest extends ModelStoreContract {
    SqliteModelStoreTest() {
        super(new SqliteFixture());
    }
}
