package carillon.run;

import carillon.cluster.Holder;
import carillon.task.TaskId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The runs that are to be executed, as every node sees them. Each method is one transaction; `now`
/// comes from the caller. A lost race is a return value.
public interface LeaseStore {
    /// Writes new runs. With a holder they are leased to it as attempt 1 and returned as leases, in
    /// the order given; without one they wait in the queue and the answer is empty.
    List<Lease> enqueue(List<NewRun> runs, Optional<Holder> holder);

    /// A run to be written; `task`, `version` must exist. `input` is what it is given, as JSON.
    record NewRun(RunId id, TaskId task, int version, Occasion occasion, Optional<String> input) {
        /// One that is given nothing.
        public NewRun(RunId id, TaskId task, int version, Occasion occasion) {
            this(id, task, version, occasion, Optional.empty());
        }
    }

    /// A new id, unused so far.
    RunId newId();

    /// Leases at most `limit` queued runs that are due at `now` and held by nobody, highest
    /// priority first, then by due time. Each gets the next attempt number. No other caller gets
    /// the same ones.
    List<Lease> claimDue(Holder holder, int limit, Instant now);

    /// When the next queued run that nobody holds is due; empty when there is none.
    Optional<Instant> nextDue();

    /// Decides, in order, whether each leased run may start at `now` by its task's concurrency
    /// policy, and writes RUNNING for those that may. See [Start] for the answers, one a lease. A
    /// lease that is RUNNING already may go: the answer to an earlier call got lost.
    List<Start> start(List<Lease> leases, Instant now);

    /// Writes RUNNING for attempts that began at the times given and still go on, so that they show
    /// as running. A lease that is no longer current changes nothing.
    void markRunning(List<Begun> begun);

    /// A lease whose attempt began at `at`.
    record Begun(Lease lease, Instant at) {}

    /// Writes the ends of attempts, each with its output; for a retry the run goes back to the
    /// queue, held by nobody, due at the time that the completion says, and the attempt that failed
    /// is kept. Returns the runs whose lease was no longer current; nothing is changed for them.
    Set<RunId> complete(List<Completion> completions);

    /// Gives leased runs that have not begun back to the queue. Those whose lease is no longer
    /// current are left alone.
    void release(List<Lease> leases);

    /// Ends the run as CANCELLED if it has not ended; returns whether it did. The attempt under
    /// way, if any, is refused when it completes.
    boolean cancel(RunId run, String reason, Instant now);

    /// At most `limit` runs that are QUEUED on disk and leased to the holder although they were due
    /// before `dueBefore`.
    List<Lease> heldSince(Holder holder, Instant dueBefore, int limit);

    /// Those of `leases` that are no longer the holder's to run.
    Set<RunId> lost(List<Lease> leases);

    /// Puts at most `limit` runs back in the queue whose holder's lease has run out at `now`, by
    /// the clock that leases are judged by: as they were when their attempt had surely not begun;
    /// as the next attempt, with one more allowed, otherwise. A run that may have begun ends as
    /// FAILED when its task is AT_MOST_ONCE, or when [#MAX_RESCUES] nodes have died with it.
    /// Holders without runs are forgotten. Also lets go runs that stand back for no reason any
    /// more. Returns what became of the runs.
    List<Rescued> rescue(Instant now, int limit);

    /// A run that was taken from a dead holder, and its state now.
    record Rescued(RunId run, Holder from, RunState state) {}

    int MAX_RESCUES = 3;
}
