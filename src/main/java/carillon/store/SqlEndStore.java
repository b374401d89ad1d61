package carillon.store;

import carillon.oneshot.EndStore;
import carillon.oneshot.Ends;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// How prompts ended, in SQL; written by [EndRows].
final class SqlEndStore implements EndStore {
    private final Database database;

    SqlEndStore(Foundation foundation) {
        this.database = foundation.database();
    }

    static final String ALL =
            """
            SELECT model, sum(completed) AS completed, sum(failed) AS failed, sum(millis) AS millis
              FROM prompt_end
             WHERE minute = -1
             GROUP BY model
            """;

    @Override
    public Map<String, Ends> all() {
        return database
                .read(
                        "read how prompts ended",
                        session -> session.query(ALL).map((row, _) -> ends(row)).list())
                .stream()
                .collect(Collectors.toMap(Ends::model, ends -> ends));
    }

    static final String BETWEEN =
            """
            SELECT minute - minute % :step AS begins, model, sum(completed) AS completed,
                   sum(failed) AS failed, sum(millis) AS millis
              FROM prompt_end
             WHERE minute >= :from AND minute < :to
             GROUP BY begins, model
             ORDER BY begins, model
            """;

    private record Step(Instant begins, Ends ends) {}

    @Override
    public Map<Instant, List<Ends>> between(Instant from, Instant to, Duration step) {
        var steps =
                database.read(
                        "read how prompts ended",
                        session ->
                                session.query(BETWEEN)
                                        .bind("step", step.toMinutes())
                                        .bind("from", Math.max(0, minute(from)))
                                        .bind("to", minute(to))
                                        .map((row, _) -> step(row))
                                        .list());
        return steps.stream()
                .collect(
                        Collectors.groupingBy(
                                Step::begins,
                                TreeMap::new,
                                Collectors.mapping(Step::ends, Collectors.toList())));
    }

    private static long minute(Instant instant) {
        return Math.floorDiv(instant.getEpochSecond(), 60);
    }

    private static Step step(ResultSet row) throws SQLException {
        return new Step(Instant.ofEpochSecond(row.getLong("begins") * 60), ends(row));
    }

    private static Ends ends(ResultSet row) throws SQLException {
        return new Ends(
                row.getString("model"),
                row.getLong("completed"),
                row.getLong("failed"),
                Duration.ofMillis(row.getLong("millis")));
    }

    private static final String FORGET =
            "DELETE FROM prompt_end WHERE minute >= 0 AND minute < :before";

    @Override
    public void forget(Instant before) {
        database.write(
                "forget how old prompts ended",
                transaction -> transaction.update(FORGET).bind("before", minute(before)).execute());
    }
}
