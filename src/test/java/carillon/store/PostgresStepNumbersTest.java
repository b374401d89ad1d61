package carillon.store;

final class PostgresStepNumbersTest extends StepNumbersContract {
    PostgresStepNumbersTest() {
        super(new PostgresFixture());
    }
}
