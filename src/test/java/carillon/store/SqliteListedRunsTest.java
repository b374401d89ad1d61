package carillon.store;

final class SqliteListedRunsTest extends ListedRunsContract {
    SqliteListedRunsTest() {
        super(new SqliteFixture());
    }
}
