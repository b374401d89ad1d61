package carillon.run;

import carillon.ai.Spending;
import carillon.schedule.FireTime;
import carillon.task.Task;
import carillon.task.TaskId;
import carillon.task.TaskStore;
import carillon.task.TaskVersion;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// The use cases of runs. What they return is on disk.
public final class Runs {
    /// How many runs one backfill may ask for.
    public static final int MAX_BACKFILL = 1_000;

    private static final Duration LOOK_AGAIN = Duration.ofMillis(250);

    private final TaskStore tasks;
    private final RunStore runs;
    private final LeaseStore leases;
    private final Intake intake;
    private final Endings endings;
    private final InstantSource time;

    public Runs(
            TaskStore tasks,
            RunStore runs,
            LeaseStore leases,
            Intake intake,
            Endings endings,
            InstantSource time) {
        this.tasks = tasks;
        this.runs = runs;
        this.leases = leases;
        this.intake = intake;
        this.endings = endings;
        this.time = time;
    }

    public Optional<Run> find(RunId id) {
        return runs.find(id);
    }

    public List<Run> list(RunQuery query) {
        return runs.list(query);
    }

    public long count(RunQuery query) {
        return runs.count(query);
    }

    public long running() {
        return runs.running();
    }

    /// What the run was given, as JSON.
    public Optional<String> input(RunId id) {
        return runs.input(id);
    }

    public Output output(RunId id) {
        return runs.output(id);
    }

    public Map<RunId, Output> outputs(List<RunId> ids) {
        return runs.outputs(ids);
    }

    /// What the answers of models took in these runs; absent for runs that got none.
    public Map<RunId, Spending> spendings(List<RunId> ids) {
        return runs.spendings(ids);
    }

    public List<RunStore.AttemptRow> attempts(RunId id) {
        return runs.attempts(id);
    }

    /// The newest ended run of each task; absent for tasks that have none.
    public Map<TaskId, Run> lastEnded(List<TaskId> ids) {
        return runs.lastEnded(ids);
    }

    /// Starts a run of the task now, paused or not; on this node when it has room. Empty when there
    /// is no such task.
    public Optional<Run> trigger(TaskId id, Trigger trigger) {
        return trigger(id, trigger, Optional.empty());
    }

    /// The same; the run is given `input`, which is JSON.
    public Optional<Run> trigger(TaskId id, Trigger trigger, Optional<String> input) {
        return trigger(id, trigger, Optional.empty(), input);
    }

    private Optional<Run> trigger(
            TaskId id, Trigger trigger, Optional<RunId> parent, Optional<String> input) {
        var task = tasks.find(id);
        if (task.isEmpty()) {
            return Optional.empty();
        }
        var occasion = occasion(task.get(), trigger, Optional.empty(), parent);
        var run = new LeaseStore.NewRun(leases.newId(), id, task.get().version(), occasion, input);
        return Optional.of(enqueue(List.of(run)).getFirst());
    }

    /// The same, for an agent that is at work in the run `parent`.
    public Optional<Run> triggerFor(RunId parent, TaskId id, Optional<String> input) {
        return trigger(id, Trigger.AGENT, Optional.of(parent), input);
    }

    /// Runs again what an earlier run ran, with the version that it ran. Empty when there is no
    /// such run.
    public Optional<Run> replay(RunId id) {
        return replay(id, runs.input(id));
    }

    /// The same, given `input` instead of what the earlier run was given.
    public Optional<Run> replay(RunId id, Optional<String> input) {
        var original = runs.find(id);
        var task = original.flatMap(run -> tasks.find(run.task()));
        if (original.isEmpty() || task.isEmpty()) {
            return Optional.empty();
        }
        var run = original.get();
        var occasion =
                occasion(task.get(), Trigger.REPLAY, run.occasion().fireTime(), Optional.of(id));
        var again =
                new LeaseStore.NewRun(leases.newId(), run.task(), run.version(), occasion, input);
        return Optional.of(enqueue(List.of(again)).getFirst());
    }

    public sealed interface Backfilled {
        /// The runs, by fire time; empty when the range names none.
        record Done(List<Run> runs) implements Backfilled {
            public Done {
                runs = List.copyOf(runs);
            }
        }

        record NotFound() implements Backfilled {}

        /// The task has no schedule that could name fire times.
        record NoSchedule() implements Backfilled {}

        /// The range names more than [Runs#MAX_BACKFILL] fire times.
        record TooMany() implements Backfilled {}
    }

    /// Runs the task once for each fire time in [`from`, `to`), with the version in force at each;
    /// for times before the first version, with the first one.
    public Backfilled backfill(TaskId id, Instant from, Instant to) {
        var task = tasks.find(id);
        if (task.isEmpty()) {
            return new Backfilled.NotFound();
        }
        var versions = tasks.versions(id).reversed();
        if (versions.stream().allMatch(version -> version.definition().timetable().isEmpty())) {
            return new Backfilled.NoSchedule();
        }
        var wanted = new ArrayList<LeaseStore.NewRun>();
        for (int i = 0; i < versions.size(); i++) {
            var version = versions.get(i);
            var begins = i == 0 ? from : later(from, version.firesAfter().plusMillis(1));
            var ends =
                    i == versions.size() - 1
                            ? to
                            : earlier(to, versions.get(i + 1).firesAfter().plusMillis(1));
            if (!addBackfill(wanted, task.get(), version, begins, ends)) {
                return new Backfilled.TooMany();
            }
        }
        return new Backfilled.Done(wanted.isEmpty() ? List.of() : enqueue(wanted));
    }

    private boolean addBackfill(
            List<LeaseStore.NewRun> wanted,
            Task task,
            TaskVersion version,
            Instant from,
            Instant to) {
        var timetable = version.definition().timetable();
        if (timetable.isEmpty()) {
            return true;
        }
        var fireTimes = timetable.get().between(from, to).filter(FireTime::runs).iterator();
        while (fireTimes.hasNext()) {
            if (wanted.size() == MAX_BACKFILL) {
                return false;
            }
            var at = Optional.of(fireTimes.next().at());
            var occasion = occasion(task, Trigger.BACKFILL, at, Optional.empty());
            wanted.add(
                    new LeaseStore.NewRun(leases.newId(), task.id(), version.version(), occasion));
        }
        return true;
    }

    public sealed interface Cancelled {
        record Done(Run run) implements Cancelled {}

        record NotFound() implements Cancelled {}

        record AlreadyEnded(Run run) implements Cancelled {}
    }

    /// Ends a run that has not ended; an attempt under way is interrupted.
    public Cancelled cancel(RunId id, String reason) {
        boolean done = leases.cancel(id, reason, now());
        if (done) {
            intake.cancelled(id);
            endings.announce(List.of(id));
        }
        var run = runs.find(id);
        run.filter(_ -> done).ifPresent(endings::tellParent);
        if (run.isEmpty()) {
            return new Cancelled.NotFound();
        }
        return done ? new Cancelled.Done(run.get()) : new Cancelled.AlreadyEnded(run.get());
    }

    /// Waits until the run has ended, at most `patience`, and returns it as it stands then; empty
    /// when there is no such run.
    public Optional<Run> await(RunId id, Duration patience) throws InterruptedException {
        var until = time.instant().plus(patience);
        try {
            while (true) {
                var ending = endings.of(id); // Before looking, so that no end slips through.
                var run = runs.find(id);
                var left = Duration.between(time.instant(), until);
                if (run.isEmpty() || run.get().state().isFinal() || !left.isPositive()) {
                    return run;
                }
                waitFor(ending, earlier(left, LOOK_AGAIN));
            }
        } finally {
            endings.forget(id);
        }
    }

    private static void waitFor(Future<Void> ending, Duration patience)
            throws InterruptedException {
        try {
            ending.get(patience.toMillis() + 1, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            // The run may have ended on another node: the caller looks.
        } catch (ExecutionException e) {
            throw new IllegalStateException("an ending is only ever announced", e);
        }
    }

    private List<Run> enqueue(List<LeaseStore.NewRun> wanted) {
        var holder = intake.roomFor(wanted.size());
        var leased = leases.enqueue(wanted, holder);
        if (holder.isPresent()) {
            intake.accept(leased);
        } else {
            intake.wake();
        }
        return wanted.stream().flatMap(run -> runs.find(run.id()).stream()).toList();
    }

    private Occasion occasion(
            Task task, Trigger trigger, Optional<Instant> fireTime, Optional<RunId> parent) {
        int priority = task.definition().policies().priority();
        return new Occasion(trigger, fireTime, now(), priority, parent);
    }

    private Instant now() {
        return time.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    private static <T extends Comparable<? super T>> T later(T one, T other) {
        return one.compareTo(other) >= 0 ? one : other;
    }

    private static <T extends Comparable<? super T>> T earlier(T one, T other) {
        return one.compareTo(other) <= 0 ? one : other;
    }
}
