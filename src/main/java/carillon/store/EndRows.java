package carillon.store;

import static carillon.store.Columns.text;

import carillon.action.PromptCall;
import carillon.oneshot.Ends;
import carillon.run.Completion;
import carillon.run.Outcome;
import carillon.run.RunState;
import java.time.Duration;
import java.util.Comparator;
import java.util.TreeMap;

/// Adds up how the prompts of one transaction ended, and writes it as few rows: for each minute,
/// model and node, and one for all time, in this order, so that nobody waits in a circle.
final class EndRows {
    /// Stands for all time.
    static final long ALL = -1;

    private record Key(long minute, String model, String node) {
        static final Comparator<Key> ORDER =
                Comparator.comparingLong(Key::minute)
                        .thenComparing(Key::model)
                        .thenComparing(Key::node);
    }

    private final TreeMap<Key, Ends> ends = new TreeMap<>(Key.ORDER);

    /// One that is not the end of its run does not count.
    void add(Completion completion) {
        if (!(completion.next() instanceof Outcome.Next.Finish(RunState state, _))
                || !(completion.lease().definition().action() instanceof PromptCall call)) {
            return;
        }
        boolean well = state == RunState.SUCCEEDED;
        var model = text(call.model());
        var spent = Duration.between(completion.startedAt(), completion.finishedAt());
        var end = new Ends(model, well ? 1 : 0, well ? 0 : 1, spent);
        var node = completion.lease().holder().node();
        long minute = Math.floorDiv(completion.finishedAt().getEpochSecond(), 60);
        ends.merge(new Key(minute, model, node), end, Ends::plus);
        ends.merge(new Key(ALL, model, node), end, Ends::plus);
    }

    private static final String ADD =
            """
            INSERT INTO prompt_end (minute, model, node, completed, failed, millis)
            VALUES (:minute, :model, :node, :completed, :failed, :millis)
            ON CONFLICT (minute, model, node) DO UPDATE
               SET completed = prompt_end.completed + excluded.completed,
                   failed = prompt_end.failed + excluded.failed,
                   millis = prompt_end.millis + excluded.millis
            """;

    void write(Transaction transaction) {
        if (ends.isEmpty()) {
            return;
        }
        var batch = transaction.batch(ADD);
        ends.forEach(
                (key, end) ->
                        batch.bind("minute", key.minute)
                                .bind("model", key.model)
                                .bind("node", key.node)
                                .bind("completed", end.completed())
                                .bind("failed", end.failed())
                                .bind("millis", end.spent().toMillis())
                                .add());
        Session.run(batch);
    }
}
