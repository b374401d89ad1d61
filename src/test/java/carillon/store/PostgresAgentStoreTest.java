package carillon.store;

final class PostgresAgentStoreTest extends AgentStoreContract {
    PostgresAgentStoreTest() {
        super(new PostgresFixture());
    }
}
