package carillon.store;

final class SqliteTranscriptStoreTest extends TranscriptStoreContract {
    SqliteTranscriptStoreTest() {
        super(new SqliteFixture());
    }
}
