package carillon.outbox;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Optional;

/// One thing to be brought to one target, and how far that has come. Its id stays the same on every
/// try, so that a receiver can tell a repetition. `position` orders what belongs to the same
/// subject; `type` says which way it goes; `target` names the target for people, without secrets;
/// `payload` is empty where the courier makes it from the subject.
public record Delivery(
        long id,
        Kind kind,
        Subject subject,
        int position,
        String type,
        String target,
        Optional<String> payload,
        Progress progress) {
    /// What a delivery is part of.
    public enum Kind {
        /// A processor of a task; its owner is the run whose output it processes.
        PROCESSOR,
        /// Something that a subscription is told; its owner is the subscription.
        WEBHOOK
    }

    public enum State {
        /// To be tried, or being tried.
        PENDING,
        DELIVERED,
        /// Given up.
        FAILED,
        /// Not wanted, for the reason that the progress gives.
        SKIPPED
    }

    /// `owner` is the id of what the delivery stands or falls with.
    public record Subject(long owner, long task) {}

    /// `attempts` counts the tries that began; `dueAt` is when the next may begin, which during a
    /// try is when the node that makes it must be done; `error` is why the last try failed, or
    /// empty.
    public record Progress(
            State state,
            int attempts,
            Instant dueAt,
            String error,
            Instant createdAt,
            Optional<Instant> attemptedAt,
            Optional<Instant> finishedAt) {
        public Progress {
            requireNonNull(state, "state");
            requireNonNull(dueAt, "dueAt");
            requireNonNull(error, "error");
            requireNonNull(createdAt, "createdAt");
            requireNonNull(attemptedAt, "attemptedAt");
            requireNonNull(finishedAt, "finishedAt");
        }
    }

    public Delivery {
        requireNonNull(kind, "kind");
        requireNonNull(subject, "subject");
        requireNonNull(type, "type");
        requireNonNull(target, "target");
        requireNonNull(payload, "payload");
        requireNonNull(progress, "progress");
    }
}
