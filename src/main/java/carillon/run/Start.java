package carillon.run;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
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

    /// An earlier run of the task has not ended and the policy is QUEUE: ask again, at the latest
    /// at `askAgainAt`. Nothing was changed.
    record Wait(Lease lease, Instant askAgainAt) implements Start {}

    /// The lease is no longer current. Nothing was changed.
    record Lost(Lease lease) implements Start {}
}
