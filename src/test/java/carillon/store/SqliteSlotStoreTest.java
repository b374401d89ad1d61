package carillon.store;

final class SqliteSlotStoreTest extends SlotStoreContract {
    SqliteSlotStoreTest() {
        super(new SqliteFixture());
    }
}
