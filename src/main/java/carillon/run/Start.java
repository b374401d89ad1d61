package carillon.run;

import static java.util.Objects.requireNonNull;

import java.util.List;

/// Whether a leased run may start now.
public sealed interface Start {
    Lease lease();

    /// It is RUNNING on disk. `replaced` are earlier runs of the task that were cancelled for it.
    record Go(Lease lease, List<RunId> replaced) implements Start {
        public Go {
            requireNonNull(lease, "lease");
            replaced = List.copyOf(replaced);
        }
    }

    /// An earlier run of the task has not ended and the policy is FORBID: SKIPPED on disk.
    record Overlaps(Lease lease, RunId earlier) implements Start {}

    /// A run of the task before it has not ended and the policy is QUEUE: it stands back in the
    /// queue, held by nobody, and can be claimed when its turn comes.
    record Waits(Lease lease) implements Start {}

    /// The lease is no longer current. Nothing was changed.
    record Lost(Lease lease) implements Start {}
}
