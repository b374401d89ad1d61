package carillon.store;

final class PostgresKeyStoreTest extends KeyStoreContract {
    PostgresKeyStoreTest() {
        super(new PostgresFixture());
    }
}
