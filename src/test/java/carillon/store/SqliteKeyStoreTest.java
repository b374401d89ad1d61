package carillon.store;

final class SqliteKeyStoreTest extends KeyStoreContract {
    SqliteKeyStoreTest() {
        super(new SqliteFixture());
    }
}
