package carillon.store;

final class SqliteTaskListTest extends TaskListContract {
    SqliteTaskListTest() {
        super(new SqliteFixture());
    }
}
