package carillon.store;

final class SqliteIdempotencyStoreTest extends IdempotencyStoreContract {
    SqliteIdempotencyStoreTest() {
        super(new SqliteFixture());
    }
}
