package carillon.store;

final class SqliteTallyStoreTest extends TallyStoreContract {
    SqliteTallyStoreTest() {
        super(new SqliteFixture());
    }
}
