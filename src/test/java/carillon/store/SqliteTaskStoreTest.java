package carillon.store;

final class SqliteTaskStoreTest extends TaskStoreContract {
    SqliteTaskStoreTest() {
        super(new SqliteFixture());
    }
}
