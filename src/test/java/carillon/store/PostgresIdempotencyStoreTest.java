package carillon.store;

final class PostgresIdempotencyStoreTest extends IdempotencyStoreContract {
    PostgresIdempotencyStoreTest() {
        super(new PostgresFixture());
    }
}
