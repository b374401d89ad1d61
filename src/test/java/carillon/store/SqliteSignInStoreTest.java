package carillon.store;

final class SqliteSignInStoreTest extends SignInStoreContract {
    SqliteSignInStoreTest() {
        super(new SqliteFixture());
    }
}
