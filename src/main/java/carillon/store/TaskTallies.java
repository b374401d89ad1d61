package carillon.store;

import carillon.run.Completion;
import carillon.task.TaskId;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;

/// Counts how the runs of some tasks ended, and what models took for them, day by day, in the
/// transactions that write it. Steps are no runs of a task by themselves and do not count.
final class TaskTallies {
    /// The day that stands for all time.
    static final long ALWAYS = -1;

    static final long DAY_MILLIS = 86_400_000;

    private TaskTallies() {}

    private static final String ADD =
            """
            INSERT INTO task_tally (task_id, day, state, reason, lane, runs, millis)
            SELECT task_id, %s, state, %s, /* lane */, count(*),
                   sum(finished_at - coalesce(started_at, finished_at))
              FROM run
             WHERE %s AND step IS NULL AND finished_at IS NOT NULL
             GROUP BY 1, 2, 3, 4
             ORDER BY 1, 2, 3, 4
            ON CONFLICT (task_id, day, state, reason, lane) DO UPDATE
               SET runs = task_tally.runs + excluded.runs,
                   millis = task_tally.millis + excluded.millis
            """;

    private static final String DAY = "finished_at / 86400000";

    /// Told apart by its beginning, since it is part of a key.
    private static final String REASON =
            "CASE WHEN state = 'FAILED' THEN substr(coalesce(reason, ''), 1, 500) ELSE '' END";

    private static final String OF_IDS = "id IN (/* ids */)";
    private static final String OF_TASK = "task_id = :task";

    static final String ADD_DAYS = ADD.formatted(DAY, REASON, OF_IDS);
    static final String ADD_ALL = ADD.formatted("-1", "''", OF_IDS);
    private static final String ADD_OLD_DAYS = ADD.formatted(DAY, REASON, OF_TASK);
    private static final String ADD_ALL_OLD = ADD.formatted("-1", "''", OF_TASK);

    static final String COUNTED = "SELECT id FROM counted_task WHERE id IN (/* ids */)";

    /// Counts the runs that have ended by the events of a transaction, always in the same order, so
    /// that nobody waits in a circle.
    static void append(Transaction transaction) {
        var ended = transaction.events().ended();
        if (ended.isEmpty()) {
            return;
        }
        var tasks = ended.stream().map(run -> run.task().value()).distinct().toList();
        var counted = List.copyOf(transaction.query(COUNTED, tasks).mapTo(Long.class).list());
        if (counted.isEmpty()) {
            return;
        }
        var runs =
                ended.stream()
                        .filter(run -> counted.contains(run.task().value()))
                        .map(run -> run.id().value())
                        .distinct()
                        .toList();
        transaction.update(ADD_ALL, runs).execute();
        transaction.update(ADD_DAYS, runs).execute();
    }

    private static final String BEGIN =
            "INSERT INTO counted_task (id) VALUES (:task) ON CONFLICT (id) DO NOTHING";

    private static final String ADD_OLD_TOKENS =
            """
            INSERT INTO task_tokens (task_id, day, lane, tokens)
            SELECT task_id, created_at / 86400000, /* lane */,
                   sum(coalesce(input_tokens, 0) + coalesce(output_tokens, 0))
              FROM response
             WHERE task_id = :task
             GROUP BY 1, 2
            """;

    /// From now on the runs of the task are counted, with those that the history still has.
    static void begin(Transaction transaction, TaskId task) {
        if (transaction.update(BEGIN).bind("task", task.value()).execute() == 1) {
            for (var old : List.of(ADD_ALL_OLD, ADD_OLD_DAYS, ADD_OLD_TOKENS)) {
                transaction.update(old).bind("task", task.value()).execute();
            }
        }
    }

    static final String ADD_TOKENS =
            """
            INSERT INTO task_tokens (task_id, day, lane, tokens)
            SELECT id, CAST(:day AS bigint), /* lane */, CAST(:tokens AS bigint)
              FROM counted_task
             WHERE id = :task
            ON CONFLICT (task_id, day, lane) DO UPDATE
               SET tokens = task_tokens.tokens + excluded.tokens
            """;

    private record Key(long task, long day) {
        static final Comparator<Key> ORDER =
                Comparator.comparingLong(Key::task).thenComparingLong(Key::day);
    }

    /// Counts what models took for the attempts, each of which has its answer kept.
    static void addTokens(Transaction transaction, Collection<Completion> answered) {
        var sums = new TreeMap<Key, Long>(Key.ORDER);
        for (var one : answered) {
            var tokens = one.outcome().asked().answer().orElseThrow().spending().tokens();
            long day = Math.floorDiv(one.finishedAt().toEpochMilli(), DAY_MILLIS);
            var key = new Key(one.lease().run().task().value(), day);
            tokens.ifPresent(both -> sums.merge(key, both.total(), Long::sum));
        }
        if (sums.isEmpty()) {
            return;
        }
        var batch = transaction.batch(ADD_TOKENS);
        sums.forEach(
                (key, tokens) ->
                        batch.bind("task", key.task)
                                .bind("day", key.day)
                                .bind("tokens", tokens)
                                .add());
        Session.run(batch);
    }

    /// Three of the statements that delete a task, whose id they call `id`.
    static final String DELETE_TALLIES = "DELETE FROM task_tally WHERE task_id = :id";

    static final String DELETE_TOKENS = "DELETE FROM task_tokens WHERE task_id = :id";
    static final String DELETE = "DELETE FROM counted_task WHERE id = :id";
}
