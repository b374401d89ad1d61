package carillon.task;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Optional;

/// A stored task: its definition in the version now in force, and where its schedule stands.
/// `origin` is the API that made it (`native`, `chronos`, `a1base`).
public record Task(
        TaskId id,
        String origin,
        int version,
        TaskDefinition definition,
        boolean paused,
        Instant createdAt,
        Instant updatedAt,
        Progress progress) {
    public Task {
        requireNonNull(id, "id");
        requireNonNull(origin, "origin");
        requireNonNull(definition, "definition");
        requireNonNull(createdAt, "createdAt");
        requireNonNull(updatedAt, "updatedAt");
        requireNonNull(progress, "progress");
        if (version < 1) {
            throw new IllegalArgumentException("versions start at 1: " + version);
        }
    }

    /// How far the planner has come. `nextFireAt` is the first fire time that has no row yet, empty
    /// when there is none any more; `plannedUntil` is the newest fire time that has one, empty when
    /// there is none yet; `planned` counts the fire times so far that were to run, for a
    /// timetable's `maxRuns`.
    public record Progress(
            Optional<Instant> nextFireAt, Optional<Instant> plannedUntil, long planned) {
        public Progress {
            requireNonNull(nextFireAt, "nextFireAt");
            requireNonNull(plannedUntil, "plannedUntil");
        }
    }

    /// The next fire time as shown to people: none while paused.
    public Optional<Instant> nextRun() {
        return paused ? Optional.empty() : progress.nextFireAt();
    }
}
