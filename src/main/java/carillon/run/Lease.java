package carillon.run;

import static java.util.Objects.requireNonNull;

import carillon.cluster.Holder;
import carillon.task.TaskDefinition;

/// The right of a holder to execute one attempt of a run, for as long as the holder's own lease
/// lives. A write that carries another holder or an older attempt than the run's changes nothing.
/// `definition` is that of the version which the run names; `origin` the API that made the task.
public record Lease(Run run, TaskDefinition definition, String origin, Holder holder) {
    public Lease {
        requireNonNull(run, "run");
        requireNonNull(definition, "definition");
        requireNonNull(origin, "origin");
        requireNonNull(holder, "holder");
        if (run.attempt() < 1) {
            throw new IllegalArgumentException("attempt starts at 1: " + run.attempt());
        }
    }
}
