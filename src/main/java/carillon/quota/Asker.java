package carillon.quota;

import static java.util.Objects.requireNonNull;

import carillon.cluster.Holder;
import carillon.run.Lease;
import carillon.run.RunId;
import java.time.Instant;

/// A run that wants to call a model, with what its place in the queue is told by: the highest
/// `priority` first, then what has been due the longest.
public record Asker(RunId run, int priority, Instant dueAt, Holder holder) {
    public Asker {
        requireNonNull(run, "run");
        requireNonNull(dueAt, "dueAt");
        requireNonNull(holder, "holder");
    }

    public static Asker of(Lease lease) {
        var run = lease.run();
        return new Asker(run.id(), run.occasion().priority(), run.dueAt(), lease.holder());
    }
}
