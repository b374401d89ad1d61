package carillon.run;

import carillon.ai.Spending;
import carillon.task.TaskId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads the ledger, and forgets what is too old. Reading never changes state.
public interface RunStore {
    Optional<Run> find(RunId id);

    List<Run> list(RunQuery query);

    /// How many runs the query would list without `before`, `offset` and `limit`; rows, not slots.
    long count(RunQuery query);

    /// Runs with an attempt under way at `now`: RUNNING on disk.
    long running();

    /// What the run was given, as JSON.
    Optional<String> input(RunId run);

    /// The output of the run's newest attempt that has ended; [Output#NONE] when there is none.
    Output output(RunId run);

    /// The same for several runs at once; those without output are absent.
    Map<RunId, Output> outputs(List<RunId> runs);

    /// What the questions of the runs' attempts to models took, as far as it is known; runs that
    /// got no answer of a model are absent.
    Map<RunId, Spending> spendings(List<RunId> runs);

    /// The attempts that have ended and the one under way, oldest first.
    List<AttemptRow> attempts(RunId run);

    /// One attempt, by its place among those that were used. `state` is RUNNING, SUCCEEDED, FAILED
    /// or CANCELLED.
    record AttemptRow(
            int attempt,
            RunState state,
            String reason,
            Optional<Instant> startedAt,
            Optional<Instant> finishedAt,
            Optional<String> node,
            Output output) {
        public AttemptRow numbered(int number) {
            return new AttemptRow(number, state, reason, startedAt, finishedAt, node, output);
        }
    }

    /// The newest scheduled-or-not run of each task that has finished with an attempt; absent for
    /// tasks that have none.
    Map<TaskId, Run> lastEnded(List<TaskId> tasks);

    /// The scheduled rows of the task that touch [`from`, `to`), by fire time, after the fire time
    /// `after` if given; at most `limit`.
    List<Run> slots(TaskId task, Instant from, Instant to, Optional<Instant> after, int limit);

    /// How many slots of the task in [`from`, `to`) are in which state. A ranged row that reaches
    /// over an end of the range is not counted here but listed in `cut`.
    Tally tally(TaskId task, Instant from, Instant to);

    record Tally(Map<RunState, Long> counts, List<Run> cut) {
        public Tally {
            counts = Map.copyOf(counts);
            cut = List.copyOf(cut);
        }
    }

    /// Up to which fire time (exclusive) the task's rows have been pruned; empty when none have.
    Optional<Instant> prunedUntil(TaskId task);

    /// Deletes at most `limit` ended runs that ended before `endedBefore`, or that are not among
    /// their task's newest `keepPerTask`; returns how many. Takes at most about 50 ms.
    int prune(Instant endedBefore, int keepPerTask, int limit);

    /// Retention of history by default.
    Duration DEFAULT_RETENTION = Duration.ofDays(30);
}
