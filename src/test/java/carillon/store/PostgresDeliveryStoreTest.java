package carillon.store;

final class PostgresDeliveryStoreTest extends DeliveryStoreContract {
    PostgresDeliveryStoreTest() {
        super(new PostgresFixture());
    }
}
