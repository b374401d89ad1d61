package carillon.store;

final class PostgresBudgetStoreTest extends BudgetStoreContract {
    PostgresBudgetStoreTest() {
        super(new PostgresFixture());
    }
}
