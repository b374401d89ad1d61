package carillon.run;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/// The end of one attempt, and what is to become of the run.
public record Completion(
        Lease lease, Instant startedAt, Instant finishedAt, Outcome outcome, Outcome.Next next) {
    public Completion {
        requireNonNull(lease, "lease");
        requireNonNull(startedAt, "startedAt");
        requireNonNull(finishedAt, "finishedAt");
        requireNonNull(outcome, "outcome");
        requireNonNull(next, "next");
    }
}
