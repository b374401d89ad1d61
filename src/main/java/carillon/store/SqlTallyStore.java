package carillon.store;

import carillon.run.RunState;
import carillon.run.TallyStore;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// How runs ended, in SQL.
final class SqlTallyStore implements TallyStore {
    /// Stands for all time.
    private static final long ALWAYS = -1;

    private final Database database;

    SqlTallyStore(Database database) {
        this.database = database;
    }

    static final String ADD =
            """
            INSERT INTO run_tally (minute, state, lane, runs)
            VALUES (:minute, :state, /* lane */, :runs)
            ON CONFLICT (minute, state, lane) DO UPDATE SET runs = run_tally.runs + excluded.runs
            """;

    /// Counts the ends among the events of a transaction, always in the same order, so that nobody
    /// waits in a circle.
    static void append(Transaction transaction, Instant now) {
        var counts = transaction.events().counts();
        if (counts.isEmpty()) {
            return;
        }
        var batch = transaction.batch(ADD);
        for (long minute : new long[] {ALWAYS, minute(now)}) {
            for (var end : WriteFigures.ends()) {
                var runs = counts.get("run." + end);
                if (runs != null) {
                    batch.bind("minute", minute)
                            .bind("state", end.toUpperCase(Locale.ROOT))
                            .bind("runs", runs)
                            .add();
                }
            }
        }
        Session.run(batch);
    }

    private static long minute(Instant instant) {
        return Math.floorDiv(instant.getEpochSecond(), 60);
    }

    static final String ALL =
            "SELECT state, sum(runs) AS runs FROM run_tally WHERE minute = -1 GROUP BY state";

    @Override
    public Map<RunState, Long> all() {
        var all = new EnumMap<RunState, Long>(RunState.class);
        database.read(
                        "read how runs ended",
                        session ->
                                session.query(ALL)
                                        .map(
                                                (row, _) ->
                                                        new Tally(
                                                                ALWAYS,
                                                                state(row.getString("state")),
                                                                row.getLong("runs")))
                                        .list())
                .forEach(tally -> all.put(tally.state, tally.runs));
        return all;
    }

    private record Tally(long minute, RunState state, long runs) {}

    private static RunState state(String name) {
        return RunState.valueOf(name);
    }

    static final String BETWEEN =
            """
            SELECT minute - minute % :step AS begins, state, sum(runs) AS runs
              FROM run_tally
             WHERE minute >= :from AND minute < :to
             GROUP BY begins, state
            """;

    @Override
    public SortedMap<Instant, Map<RunState, Long>> between(
            Instant from, Instant to, Duration step) {
        var tallies =
                database.read(
                        "read how runs ended",
                        session ->
                                session.query(BETWEEN)
                                        .bind("step", step.toMinutes())
                                        .bind("from", Math.max(0, minute(from)))
                                        .bind("to", minute(to))
                                        .map(
                                                (row, _) ->
                                                        new Tally(
                                                                row.getLong("begins"),
                                                                state(row.getString("state")),
                                                                row.getLong("runs")))
                                        .list());
        var steps = new TreeMap<Instant, Map<RunState, Long>>();
        for (var tally : tallies) {
            steps.computeIfAbsent(
                            Instant.ofEpochSecond(tally.minute * 60),
                            _ -> new EnumMap<>(RunState.class))
                    .put(tally.state, tally.runs);
        }
        return steps;
    }

    private static final String FORGET =
            "DELETE FROM run_tally WHERE minute >= 0 AND minute < :before";

    @Override
    public void forget(Instant before) {
        database.write(
                "forget how old runs ended",
                transaction -> transaction.update(FORGET).bind("before", minute(before)).execute());
    }
}
