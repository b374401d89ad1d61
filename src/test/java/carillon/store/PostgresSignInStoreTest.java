package carillon.store;

final class PostgresSignInStoreTest extends SignInStoreContract {
    PostgresSignInStoreTest() {
        super(new PostgresFixture());
    }
}
