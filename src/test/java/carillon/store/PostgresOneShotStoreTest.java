package carillon.store;

final class PostgresOneShotStoreTest extends OneShotStoreContract {
    PostgresOneShotStoreTest() {
        super(new PostgresFixture());
    }
}
