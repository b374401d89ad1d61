package carillon.store;

final class PostgresStartTest extends StartContract {
    PostgresStartTest() {
        super(new PostgresFixture());
    }
}
