package carillon.store;

final class PostgresPromptStoreTest extends PromptStoreContract {
    PostgresPromptStoreTest() {
        super(new PostgresFixture());
    }
}
