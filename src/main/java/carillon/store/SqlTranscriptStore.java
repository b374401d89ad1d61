package carillon.store;

import carillon.agent.TranscriptStore;
import java.util.List;

/// Transcripts in SQL. They go with their run.
final class SqlTranscriptStore implements TranscriptStore {
    private final Database database;

    SqlTranscriptStore(Database database) {
        this.database = database;
    }

    @Override
    public List<String> read(long run) {
        return read(run, 0, Integer.MAX_VALUE);
    }

    private static final String READ =
            """
            SELECT body FROM transcript WHERE run_id = :run AND entry >= :from
             ORDER BY entry LIMIT :limit
            """;

    @Override
    public List<String> read(long run, int from, int limit) {
        return database.read(
                "read the transcript of run " + run,
                session ->
                        session.query(READ)
                                .bind("run", run)
                                .bind("from", from)
                                .bind("limit", limit)
                                .mapTo(String.class)
                                .list());
    }

    private static final String ADD =
            """
            INSERT INTO transcript (run_id, entry, body) VALUES (:run, :entry, :body)
            ON CONFLICT (run_id, entry) DO NOTHING
            """;

    @Override
    public void add(long run, int entry, String body) {
        database.write(
                "add to the transcript of run " + run,
                transaction ->
                        transaction
                                .update(ADD)
                                .bind("run", run)
                                .bind("entry", entry)
                                .bind("body", Columns.text(body))
                                .execute());
    }
}
