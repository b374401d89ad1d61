package carillon.store;

final class SqliteStepNumbersTest extends StepNumbersContract {
    SqliteStepNumbersTest() {
        super(new SqliteFixture());
    }
}
