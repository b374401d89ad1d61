package carillon.run;

import carillon.task.Task;
import carillon.task.TaskId;
import carillon.task.TaskStore;
import carillon.task.TaskVersion;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Optional;

/// Reads the slot ledger of a task, and strikes its balance.
public final class Ledgers {
    /// How many fire times one balance may count.
    public static final long MAX_EXPECTED = 1_000_000;

    private final TaskStore tasks;
    private final RunStore runs;
    private final InstantSource time;

    public Ledgers(TaskStore tasks, RunStore runs, InstantSource time) {
        this.tasks = tasks;
        this.runs = runs;
        this.time = time;
    }

    public sealed interface Balance {
        record Struck(Ledger ledger) implements Balance {}

        record NotFound() implements Balance {}

        /// The range names more than [Ledgers#MAX_EXPECTED] fire times.
        record TooWide() implements Balance {}
    }

    /// The scheduled rows that touch [`from`, `to`), by fire time, after `after` if given.
    public List<Run> slots(
            TaskId task, Instant from, Instant to, Optional<Instant> after, int limit) {
        return runs.slots(task, from, to, after, limit);
    }

    /// The account of the task's fire times in [`from`, `to`).
    public Balance balance(TaskId id, Instant from, Instant to) {
        var found = tasks.find(id);
        if (found.isEmpty()) {
            return new Balance.NotFound();
        }
        // Read before the rows: what is planned in between shows as rows beyond this end.
        var task = found.get();
        var now = time.instant();
        var begin = runs.prunedUntil(id).filter(from::isBefore).orElse(from);
        var end = earlier(to, endOfAccount(task, now));
        var versions = tasks.versions(id).reversed();
        long expected = count(versions, begin, end);
        if (expected > MAX_EXPECTED) {
            return new Balance.TooWide();
        }
        var unplanned =
                task.progress()
                        .nextFireAt()
                        .map(next -> count(versions, later(begin, next), end))
                        .orElse(0L);
        var tally = runs.tally(id, begin, end);
        var ended = new EnumMap<RunState, Long>(RunState.class);
        long open = unplanned;
        for (var entry : tally.counts().entrySet()) {
            if (entry.getKey().isFinal()) {
                ended.merge(entry.getKey(), entry.getValue(), Long::sum);
            } else {
                open += entry.getValue();
            }
        }
        for (var row : tally.cut()) {
            ended.merge(row.state(), countWithin(row, versions, begin, end), Long::sum);
        }
        return new Balance.Struck(new Ledger(begin, end, expected, ended, open));
    }

    /// The part of a ranged row's slots that lies in the range.
    private static long countWithin(
            Run row, List<TaskVersion> versions, Instant begin, Instant end) {
        var first = row.occasion().fireTime().orElseThrow();
        var last = row.lastFireTime().orElse(first);
        return count(versions, later(begin, first), earlier(end, last.plusMillis(1)));
    }

    /// Just after the newest fire time that is either due or has a row.
    private static Instant endOfAccount(Task task, Instant now) {
        var progress = task.progress();
        var afterPlanned = progress.plannedUntil().map(last -> last.plusMillis(1));
        if (progress.nextFireAt().isEmpty()) {
            return afterPlanned.orElse(task.createdAt());
        }
        var afterNow = now.plusMillis(1);
        return afterPlanned.map(planned -> later(planned, afterNow)).orElse(afterNow);
    }

    /// How many fire times the versions name in [`from`, `to`), each while it was in force; one
    /// more than [#MAX_EXPECTED] when there are more.
    private static long count(List<TaskVersion> versions, Instant from, Instant to) {
        long sum = 0;
        for (int i = 0; i < versions.size() && sum <= MAX_EXPECTED; i++) {
            var version = versions.get(i);
            var begin = later(from, version.firesAfter().plusMillis(1));
            var end =
                    i == versions.size() - 1
                            ? to
                            : earlier(to, versions.get(i + 1).firesAfter().plusMillis(1));
            sum += count(version, begin, end, MAX_EXPECTED + 1 - sum);
        }
        return sum;
    }

    private static long count(TaskVersion version, Instant from, Instant to, long limit) {
        return version.definition()
                .timetable()
                .map(timetable -> timetable.count(from, to, limit))
                .orElse(0L);
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }
}
