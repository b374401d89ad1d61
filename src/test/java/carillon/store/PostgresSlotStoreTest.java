package carillon.store;

final class PostgresSlotStoreTest extends SlotStoreContract {
    PostgresSlotStoreTest() {
        super(new PostgresFixture());
    }
}
