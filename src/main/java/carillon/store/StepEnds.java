package carillon.store;

import static carillon.store.Columns.text;

import carillon.run.Output;
import carillon.run.Run;
import carillon.run.RunId;
import carillon.run.RunState;
import java.time.Instant;
import java.util.Optional;

/// Ends the runs of steps that wait for something from outside, when that has come, whoever holds
/// them: what their attempt under way says of them later changes nothing.
final class StepEnds {
    private StepEnds() {}

    record End(RunState state, String reason, Output output, Instant now) {}

    private static final String END =
            """
            UPDATE run
               SET state = :state, reason = :reason, finished_at = :now,
                   attempt_started_at = coalesce(attempt_started_at, :now),
                   started_at = coalesce(started_at, :now)
             WHERE id = :id AND state IN ('QUEUED', 'RUNNING')
            RETURNING *
            """;

    /// Returns the run; empty when it had ended before.
    static Optional<Run> end(Transaction transaction, RunId step, End end) {
        var ended =
                transaction
                        .query(END)
                        .bind("id", step.value())
                        .bind("state", end.state.name())
                        .bind("reason", text(end.reason))
                        .bind("now", end.now.toEpochMilli())
                        .map((row, _) -> RunRows.map(row))
                        .findOne();
        ended.ifPresent(
                run -> {
                    AttemptEnds.keepOutput(transaction, run, end.output);
                    transaction.events().add(run, end.state, end.reason);
                });
        return ended;
    }
}
