package carillon.store;

final class SqlitePromptStoreTest extends PromptStoreContract {
    SqlitePromptStoreTest() {
        super(new SqliteFixture());
    }
}
