package carillon.store;

final class PostgresTaskListTest extends TaskListContract {
    PostgresTaskListTest() {
        super(new PostgresFixture());
    }
}
