package carillon.run;

import static java.util.Objects.requireNonNull;

import carillon.task.TaskId;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// One occurrence of a task: a row of the slot ledger. A row can stand for a whole range of slots
/// with the same fate (`count` above 1): then its fire time is the first of them and `lastFireTime`
/// the last.
public record Run(
        RunId id,
        TaskId task,
        int version,
        Occasion occasion,
        Progress progress,
        long count,
        Optional<Instant> lastFireTime) {
    public Run {
        requireNonNull(id, "id");
        requireNonNull(task, "task");
        requireNonNull(occasion, "occasion");
        requireNonNull(progress, "progress");
        requireNonNull(lastFireTime, "lastFireTime");
        if (count < 1) {
            throw new IllegalArgumentException("a row stands for at least one slot: " + count);
        }
    }

    public RunState state() {
        return progress.state();
    }

    public int attempt() {
        return progress.attempt();
    }

    public Instant dueAt() {
        return occasion.dueAt();
    }

    /// How much later than it was due the first attempt began. Empty before it has begun, and where
    /// it cannot be told any more: a later attempt has a due time of its own.
    public Optional<Duration> lateness() {
        var due =
                attempt() <= 1 && state() != RunState.QUEUED
                        ? Optional.of(dueAt())
                        : occasion.fireTime().filter(_ -> occasion.trigger() == Trigger.SCHEDULE);
        return progress.times()
                .startedAt()
                .flatMap(at -> due.map(expected -> Duration.between(expected, at)));
    }
}
