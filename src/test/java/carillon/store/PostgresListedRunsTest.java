package carillon.store;

final class PostgresListedRunsTest extends ListedRunsContract {
    PostgresListedRunsTest() {
        super(new PostgresFixture());
    }
}
