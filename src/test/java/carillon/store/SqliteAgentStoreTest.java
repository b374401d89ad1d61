package carillon.store;

final class SqliteAgentStoreTest extends AgentStoreContract {
    SqliteAgentStoreTest() {
        super(new SqliteFixture());
    }
}
