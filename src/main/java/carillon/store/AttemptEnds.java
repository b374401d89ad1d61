package carillon.store;

import static carillon.store.Columns.number;
import static carillon.store.Columns.text;

import carillon.run.Completion;
import carillon.run.Outcome;
import carillon.run.Output;
import carillon.run.Run;
import carillon.run.RunId;
import carillon.task.ConcurrencyPolicy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.statement.PreparedBatch;

/// Writes the ends of attempts within one transaction, in the order of the runs' ids, so that two
/// nodes never wait for each other.
final class AttemptEnds {
    private final Transaction transaction;
    private final PreparedBatch outputs;
    private final PreparedBatch attempts;
    private final ResponseRows responses;
    private final UsageRows usage = new UsageRows();
    private final EndRows ends = new EndRows();
    private final Turns turns;
    private final NewDeliveries deliveries;
    private final List<Completion> answered = new ArrayList<>();
    private final Set<RunId> lost = new HashSet<>();

    /// `responseIds` are those of the responses that the completions bring; `firstDelivery` begins
    /// as many ids as [NewDeliveries#count] says.
    AttemptEnds(Transaction transaction, Map<RunId, Long> responseIds, long firstDelivery) {
        this.transaction = transaction;
        this.responses = new ResponseRows(transaction, responseIds);
        this.outputs = transaction.batch(INSERT_OUTPUT);
        this.attempts = transaction.batch(INSERT_ATTEMPT);
        this.turns = new Turns(transaction);
        this.deliveries = new NewDeliveries(transaction, firstDelivery);
    }

    static final String FINISH =
            """
            UPDATE run
               SET state = given.state, reason = given.reason, finished_at = given.finished_at,
                   attempt_started_at = given.started_at,
                   started_at = coalesce(run.started_at, given.started_at)
              FROM /* rows: id bigint, attempt integer, node text, epoch bigint, state text, \
            reason text, started_at bigint, finished_at bigint */
             WHERE run.id = given.id AND run.attempt = given.attempt AND run.node = given.node
               AND run.epoch = given.epoch AND run.state IN ('QUEUED', 'RUNNING')
            """;

    static final String RETRY =
            """
            UPDATE run
               SET state = 'QUEUED', reason = :reason, due_at = :dueAt, node = NULL, epoch = NULL,
                   attempt_started_at = NULL,
                   started_at = CASE WHEN started_at IS NULL THEN :startedAt ELSE started_at END
             WHERE id = :id AND attempt = :attempt AND node = :node AND epoch = :epoch
               AND state IN ('QUEUED', 'RUNNING')
            """;

    static final String POSTPONE =
            """
            UPDATE run
               SET state = 'QUEUED', reason = :reason, due_at = :dueAt, node = NULL, epoch = NULL,
                   attempt_started_at = NULL, max_attempts = max_attempts + 1, unused = unused + 1
             WHERE id = :id AND attempt = :attempt AND node = :node AND epoch = :epoch
               AND state IN ('QUEUED', 'RUNNING')
            """;

    private static final String INSERT_ATTEMPT =
            """
            INSERT INTO attempt (run_id, attempt, state, reason, node, started_at, finished_at)
            VALUES (:run, :attempt, 'FAILED', :reason, :node, :startedAt, :finishedAt)
            """;

    private static final String INSERT_OUTPUT =
            """
            INSERT INTO output (run_id, attempt, status_code, content_type, body, cut)
            VALUES (:run, :attempt, :statusCode, :contentType, :body, :cut)
            """;

    /// Returns the runs whose lease was no longer current.
    Set<RunId> write(List<Completion> completions) {
        var finishes = new ArrayList<Completion>();
        var retries = new ArrayList<Completion>();
        var postponed = new ArrayList<Completion>();
        completions.stream()
                .sorted(Comparator.comparingLong(one -> one.lease().run().id().value()))
                .forEach(
                        one -> {
                            switch (one.next()) {
                                case Outcome.Next.Finish _ -> finishes.add(one);
                                case Outcome.Next.Retry _ -> retries.add(one);
                                case Outcome.Next.Postpone _ -> postponed.add(one);
                            }
                        });
        finish(finishes);
        retry(retries);
        postpone(postponed);
        Session.run(outputs);
        Session.run(attempts);
        responses.write();
        TaskTallies.addTokens(transaction, answered);
        usage.write(transaction);
        ends.write(transaction);
        deliveries.write();
        return lost;
    }

    private void finish(List<Completion> completions) {
        var changed = Rows.change(transaction, FINISH, completions, AttemptEnds::write);
        for (var one : completions) {
            var run = one.lease().run();
            if (!changed.contains(run.id().value())) {
                lost.add(run.id());
                continue;
            }
            var end = (Outcome.Next.Finish) one.next();
            transaction.events().add(run, end.state(), end.reason());
            keep(one);
            deliveries.add(one);
            if (one.lease().definition().policies().concurrency() == ConcurrencyPolicy.QUEUE) {
                turns.next(one.lease().run().task());
            }
        }
    }

    private static void write(Rows.Fields fields, Completion completion) {
        var lease = completion.lease();
        var end = (Outcome.Next.Finish) completion.next();
        fields.set("id", lease.run().id().value());
        fields.set("attempt", lease.run().attempt());
        fields.set("node", lease.holder().node());
        fields.set("epoch", lease.holder().epoch());
        fields.set("state", end.state().name());
        fields.set("reason", text(end.reason()));
        fields.set("started_at", begun(completion));
        fields.set("finished_at", completion.finishedAt().toEpochMilli());
    }

    /// What was skipped has not begun, though it was looked at.
    private static Optional<Instant> begun(Completion completion) {
        boolean skipped = completion.outcome() instanceof Outcome.Skipped;
        return skipped ? Optional.empty() : Optional.of(completion.startedAt());
    }

    private void retry(List<Completion> completions) {
        var batch = transaction.batch(RETRY);
        for (var one : completions) {
            var retry = (Outcome.Next.Retry) one.next();
            Fence.bind(batch, one.lease())
                    .bind("reason", text(retry.reason()))
                    .bind("dueAt", retry.at().toEpochMilli())
                    .bind("startedAt", one.startedAt().toEpochMilli())
                    .add();
        }
        for (var one : current(completions, Session.run(batch))) {
            var retry = (Outcome.Next.Retry) one.next();
            transaction.events().addRetrying(one.lease().run(), retry.reason());
            keep(one);
            attempts.bind("run", one.lease().run().id().value())
                    .bind("attempt", one.lease().run().attempt())
                    .bind("reason", text(retry.reason()))
                    .bind("node", one.lease().holder().node())
                    .bind("startedAt", one.startedAt().toEpochMilli())
                    .bind("finishedAt", one.finishedAt().toEpochMilli())
                    .add();
        }
    }

    private void postpone(List<Completion> completions) {
        var batch = transaction.batch(POSTPONE);
        for (var one : completions) {
            var postpone = (Outcome.Next.Postpone) one.next();
            Fence.bind(batch, one.lease())
                    .bind("reason", text(postpone.reason()))
                    .bind("dueAt", postpone.at().toEpochMilli())
                    .add();
        }
        for (var one : current(completions, Session.run(batch))) {
            var postpone = (Outcome.Next.Postpone) one.next();
            transaction.events().addPostponed(one.lease().run(), postpone.reason());
            usage.add(one);
        }
    }

    /// Those whose row was changed; the others are lost.
    private List<Completion> current(List<Completion> completions, int[] changed) {
        var current = new ArrayList<Completion>();
        for (int i = 0; i < changed.length; i++) {
            if (changed[i] == 1) {
                current.add(completions.get(i));
            } else {
                lost.add(completions.get(i).lease().run().id());
            }
        }
        return current;
    }

    /// What the attempt brought, beside its end.
    private void keep(Completion completion) {
        responses.add(completion);
        if (completion.outcome().asked().answer().isPresent()) {
            answered.add(completion);
        }
        usage.add(completion);
        ends.add(completion);
        var output = completion.outcome().output();
        if (output.isEmpty()) {
            return;
        }
        var run = completion.lease().run();
        add(outputs, run.id(), run.attempt(), output);
    }

    /// What a run brought whose end is written elsewhere.
    static void keepOutput(Transaction transaction, Run run, Output output) {
        var batch = transaction.batch(INSERT_OUTPUT);
        add(batch, run.id(), run.attempt(), output);
        Session.run(batch);
    }

    private static void add(PreparedBatch batch, RunId run, int attempt, Output output) {
        batch.bind("run", run.value())
                .bind("attempt", attempt)
                .bind("statusCode", number(output.statusCode()))
                .bind("contentType", text(output.contentType()))
                .bind("body", text(output.body()))
                .bind("cut", output.cut())
                .add();
    }
}
