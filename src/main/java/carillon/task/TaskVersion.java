package carillon.task;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/// One immutable version of a task. `firesAfter` says from when on its schedule is in force: it
/// names the fire times strictly after it, up to and including the `firesAfter` of the next
/// version.
public record TaskVersion(
        TaskId task,
        int version,
        TaskDefinition definition,
        Instant firesAfter,
        Instant createdAt,
        String createdBy,
        OptionalInt rolledBackFrom) {
    public TaskVersion {
        requireNonNull(task, "task");
        requireNonNull(definition, "definition");
        requireNonNull(firesAfter, "firesAfter");
        requireNonNull(createdAt, "createdAt");
        requireNonNull(createdBy, "createdBy");
        requireNonNull(rolledBackFrom, "rolledBackFrom");
    }

    /// The first fire time of this version that is to be planned, if there is one.
    public Optional<Instant> firstFireAt() {
        return definition
                .timetable()
                .flatMap(timetable -> timetable.next(firesAfter))
                .map(t -> t.at());
    }
}
