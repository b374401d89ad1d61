package carillon.run;

import carillon.action.StepKey;
import carillon.cluster.Holder;
import carillon.task.TaskId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The runs that other runs see to. Each method is one transaction.
public interface FamilyStore {
    /// A run that another sees to: of the task, or of that step of it.
    record Child(RunId id, TaskId task, Optional<StepKey> step, RunState state) {}

    /// The children that the run sees to, by id, at most `limit` after the id `after`.
    List<Child> children(RunId parent, long after, int limit);

    /// These, as they stand.
    List<Child> of(List<RunId> runs);

    /// Writes new children as [LeaseStore#enqueue] does, and those that are not done. Empty when
    /// the parent's lease is no longer current: then nothing was written. Fails when the parent has
    /// one of them already: the answer to an earlier call got lost, and the caller looks anew at
    /// what there is.
    Optional<List<Lease>> enqueue(
            Lease parent,
            List<LeaseStore.NewRun> children,
            List<NotDone> notDone,
            Optional<Holder> holder);

    /// A child that is written as SKIPPED at once.
    record NotDone(LeaseStore.NewRun run, String reason) {}

    /// The runs of the steps of a workflow's run, by id, at most `limit` after the id `after`.
    List<Run> steps(RunId workflow, long after, int limit);

    /// Ends an approval that has not ended; returns whether it did.
    boolean decide(RunId approval, RunState state, String reason, Output output, Instant now);
}
