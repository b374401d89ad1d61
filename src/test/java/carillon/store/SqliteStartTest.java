package carillon.store;

final class SqliteStartTest extends StartContract {
    SqliteStartTest() {
        super(new SqliteFixture());
    }
}
