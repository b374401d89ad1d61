package carillon.store;

final class PostgresTranscriptStoreTest extends TranscriptStoreContract {
    PostgresTranscriptStoreTest() {
        super(new PostgresFixture());
    }
}
