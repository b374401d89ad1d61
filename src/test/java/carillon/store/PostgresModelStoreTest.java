package carillon.store;

final class PostgresModelStoreTest extends ModelStoreContract {
    PostgresModelStoreTest() {
        super(new PostgresFixture());
    }
}
