package carillon.schedule;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// A schedule within its bounds: the fire times that a task really has. `start` is inclusive, `end`
/// exclusive; a fire time on an excluded local date is named, but marked as not to run. `maxRuns`
/// is kept here and counted by the planner, which knows how many there have been.
public record Timetable(
        Schedule schedule,
        Optional<Instant> start,
        Optional<Instant> end,
        OptionalLong maxRuns,
        Set<LocalDate> excluded) {
    public Timetable {
        requireNonNull(schedule, "schedule");
        requireNonNull(start, "start");
        requireNonNull(end, "end");
        requireNonNull(maxRuns, "maxRuns");
        excluded = Set.copyOf(excluded);
    }

    public static Timetable of(Schedule schedule) {
        return new Timetable(
                schedule, Optional.empty(), Optional.empty(), OptionalLong.empty(), Set.of());
    }

    /// As [Schedule#next], within the bounds.
    public Optional<FireTime> next(Instant after) {
        return schedule.next(after);
    }
}
