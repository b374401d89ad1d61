package carillon.store;

final class PostgresWebhookStoreTest extends WebhookStoreContract {
    PostgresWebhookStoreTest() {
        super(new PostgresFixture());
    }
}
