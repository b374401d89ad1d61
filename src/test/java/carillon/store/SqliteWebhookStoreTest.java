package carillon.store;

final class SqliteWebhookStoreTest extends WebhookStoreContract {
    SqliteWebhookStoreTest() {
        super(new SqliteFixture());
    }
}
