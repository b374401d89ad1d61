package carillon.store;

import carillon.outbox.Delivery;
import carillon.processor.Target;
import carillon.run.Completion;
import carillon.run.Outcome;
import carillon.run.RunState;
import carillon.task.Notify;
import carillon.task.Processing;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import org.jdbi.v3.core.statement.PreparedBatch;

/// Writes, within the transaction that ends runs, what their tasks' processors have to deliver.
final class NewDeliveries {
    private final Transaction transaction;
    private long nextId;
    private final List<Completion> succeeded = new ArrayList<>();

    /// As many ids as [#count] says, from `firstId` on, must be unused.
    NewDeliveries(Transaction transaction, long firstId) {
        this.transaction = transaction;
        this.nextId = firstId;
    }

    /// How many deliveries these ends can bring about.
    static int count(List<Completion> completions) {
        return completions.stream()
                .filter(NewDeliveries::hasSucceeded)
                .mapToInt(one -> processing(one).processors().size())
                .sum();
    }

    private static boolean hasSucceeded(Completion completion) {
        return completion.next() instanceof Outcome.Next.Finish finish
                && finish.state() == RunState.SUCCEEDED;
    }

    private static Processing processing(Completion completion) {
        return completion.lease().definition().processing();
    }

    /// Takes note of an end that has been written.
    void add(Completion completion) {
        if (hasSucceeded(completion) && !processing(completion).processors().isEmpty()) {
            succeeded.add(completion);
        }
    }

    private static final String INSERT =
            """
            INSERT INTO delivery (id, kind, owner, task_id, position, type, target, state, attempts,
                                  due_at, error, created_at, finished_at)
            VALUES (:id, 'PROCESSOR', :owner, :task, :position, :type, :target, :state, 0,
                    :now, :error, :now, :finishedAt)
            """;

    static final String UNCHANGED = "the output is that of the run before";

    /// In the order of the tasks, whose newest outputs are locked, so that two nodes never wait for
    /// each other; of one task, in the order in which the runs ended.
    void write() {
        if (succeeded.isEmpty()) {
            return;
        }
        succeeded.sort(
                Comparator.comparingLong((Completion one) -> one.lease().run().task().value())
                        .thenComparing(Completion::finishedAt));
        var batch = transaction.batch(INSERT);
        for (var one : succeeded) {
            boolean changed = isNew(one);
            boolean wanted = changed || processing(one).when() == Notify.ALWAYS;
            var uses = processing(one).processors();
            for (int i = 0; i < uses.size(); i++) {
                batch.bind("type", uses.get(i).type())
                        .bind("target", Columns.text(Target.of(uses.get(i))))
                        .bind("position", i);
                add(batch, one, wanted);
            }
        }
        Session.run(batch);
    }

    private void add(PreparedBatch batch, Completion one, boolean wanted) {
        var run = one.lease().run();
        long now = one.finishedAt().toEpochMilli();
        batch.bind("id", nextId++)
                .bind("owner", run.id().value())
                .bind("task", run.task().value())
                .bind("state", (wanted ? Delivery.State.PENDING : Delivery.State.SKIPPED).name())
                .bind("now", now)
                .bind("error", wanted ? "" : UNCHANGED)
                .bind("finishedAt", wanted ? null : now)
                .add();
    }

    /// Changes nothing when the task's newest output was the same.
    private static final String TAKE_NOTE =
            """
            INSERT INTO newest_output (task_id, digest) VALUES (:task, :digest)
            ON CONFLICT (task_id) DO UPDATE SET digest = excluded.digest
                WHERE newest_output.digest <> excluded.digest
            """;

    private boolean isNew(Completion completion) {
        return transaction
                        .update(TAKE_NOTE)
                        .bind("task", completion.lease().run().task().value())
                        .bind("digest", digest(text(completion.outcome())))
                        .execute()
                == 1;
    }

    private static String text(Outcome outcome) {
        return outcome.output().whole(outcome.asked().answer());
    }

    private static String digest(String text) {
        try {
            var sha = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(sha.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
