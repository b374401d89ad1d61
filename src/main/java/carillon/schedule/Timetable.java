package carillon.schedule;

import static java.util.Objects.requireNonNull;

import carillon.schedule.FireTime.Fate;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/// A schedule within its bounds: the fire times that a task really has. `start` is inclusive, `end`
/// exclusive; a fire time on an excluded local date is named, but marked as not to run. `maxRuns`
/// is kept here and counted by the planner, which knows how many there have been.
public record Timetable(
        Schedule schedule,
        Optional<Instant> start,
        Optional<Instant> end,
        OptionalLong maxRuns,
        Set<LocalDate> excluded) {
    private static final int MOST_DATES_TOLD = 5;

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
        var found =
                start.isPresent() && after.isBefore(start.get())
                        ? schedule.next(start.get().minusNanos(1))
                        : schedule.next(after);
        return found.filter(this::isBeforeEnd).map(this::withExclusion);
    }

    /// As [Schedule#previous], within the bounds.
    public Optional<FireTime> previous(Instant before) {
        var found =
                end.isPresent() && before.isAfter(end.get())
                        ? schedule.previous(end.get())
                        : schedule.previous(before);
        return found.filter(this::isFromStart).map(this::withExclusion);
    }

    /// The fire times from `from` (inclusive) to `to` (exclusive), in order, found one by one as
    /// the stream is read: memory does not grow with the range.
    public Stream<FireTime> between(Instant from, Instant to) {
        return Stream.iterate(
                        next(from.minusNanos(1)),
                        Optional::isPresent,
                        last -> last.flatMap(fireTime -> next(fireTime.at())))
                .map(Optional::orElseThrow)
                .takeWhile(fireTime -> fireTime.at().isBefore(to));
    }

    /// How many fire times lie from `from` (inclusive) to `to` (exclusive), counting no further
    /// than `limit`.
    public long count(Instant from, Instant to, long limit) {
        return between(from, to).limit(limit).count();
    }

    /// As [Schedule#describe], with the bounds.
    public String describe() {
        var parts = new ArrayList<String>();
        parts.add(schedule.describe());
        start.ifPresent(at -> parts.add("from " + Words.instant(at)));
        end.ifPresent(at -> parts.add("until " + Words.instant(at)));
        maxRuns.ifPresent(most -> parts.add("at most " + most + (most == 1 ? " run" : " runs")));
        if (excluded.size() > MOST_DATES_TOLD) {
            parts.add("but not on " + excluded.size() + " excluded dates");
        } else if (!excluded.isEmpty()) {
            var dates = new TreeSet<>(excluded).stream().map(Words::date).toList();
            parts.add("but not on " + Words.list(dates, "and"));
        }
        return String.join(", ", parts);
    }

    private boolean isBeforeEnd(FireTime fireTime) {
        return end.isEmpty() || fireTime.at().isBefore(end.get());
    }

    private boolean isFromStart(FireTime fireTime) {
        return start.isEmpty() || !fireTime.at().isBefore(start.get());
    }

    private FireTime withExclusion(FireTime fireTime) {
        if (excluded.isEmpty()) {
            return fireTime;
        }
        var date = fireTime.at().atZone(schedule.zone()).toLocalDate();
        return excluded.contains(date)
                ? new FireTime(fireTime.at(), fireTime.mark(), Fate.EXCLUDED)
                : fireTime;
    }
}
