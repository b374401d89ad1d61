package carillon.store;

final class SqliteDeliveryStoreTest extends DeliveryStoreContract {
    SqliteDeliveryStoreTest() {
        super(new SqliteFixture());
    }
}
