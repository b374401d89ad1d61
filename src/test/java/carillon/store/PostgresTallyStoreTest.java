package carillon.store;

final class PostgresTallyStoreTest extends TallyStoreContract {
    PostgresTallyStoreTest() {
        super(new PostgresFixture());
    }
}
