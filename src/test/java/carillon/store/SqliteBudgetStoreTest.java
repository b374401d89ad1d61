package carillon.store;

final class SqliteBudgetStoreTest extends BudgetStoreContract {
    SqliteBudgetStoreTest() {
        super(new SqliteFixture());
    }
}
