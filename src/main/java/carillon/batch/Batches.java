package carillon.batch;

import static java.util.Objects.requireNonNull;

import carillon.action.BatchFile;
import carillon.run.Intake;
import carillon.run.Run;
import carillon.run.RunId;
import carillon.run.RunState;
import carillon.run.Runs;
import carillon.run.Trigger;
import carillon.task.Task;
import carillon.task.TaskDefinition;
import carillon.task.TaskId;
import carillon.task.TaskQuery;
import carillon.task.Tasks;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/// The use cases of batches on a server: tasks that answer a file, as how far their newest runs
/// are.
public final class Batches {
    /// The name of the list of tasks that are batches.
    public static final String LIST = "batches";

    private final Tasks tasks;
    private final Runs runs;
    private final Function<List<TaskId>, Map<TaskId, Run>> newest;
    private final BatchStore store;
    private final Intake intake;
    private final InstantSource time;

    /// `newest` gives the newest run of each task that has one.
    public Batches(
            Tasks tasks,
            Runs runs,
            Function<List<TaskId>, Map<TaskId, Run>> newest,
            BatchStore store,
            Intake intake,
            InstantSource time) {
        this.tasks = requireNonNull(tasks, "tasks");
        this.runs = requireNonNull(runs, "runs");
        this.newest = requireNonNull(newest, "newest");
        this.store = requireNonNull(store, "store");
        this.intake = requireNonNull(intake, "intake");
        this.time = requireNonNull(time, "time");
    }

    public static boolean isOne(TaskDefinition definition) {
        return definition.action() instanceof BatchFile;
    }

    /// How tasks of any kind stand, by their newest runs.
    public Shown of(Task task) {
        return of(List.of(task)).getFirst();
    }

    /// A batch as it stands: its newest run, and how far that is, where it has begun.
    public record Shown(Task task, Optional<Run> run, Optional<Standing> standing) {
        public Shown {
            requireNonNull(task, "task");
            requireNonNull(run, "run");
            requireNonNull(standing, "standing");
        }

        public BatchFile file() {
            return (BatchFile) task.definition().action();
        }

        /// The newest run, while it goes on.
        public Optional<Run> open() {
            return run.filter(one -> !one.state().isFinal());
        }

        /// Whether it goes on and begins no rows.
        public boolean isPaused() {
            boolean marked = standing.filter(one -> one.mark() == Standing.Mark.PAUSED).isPresent();
            return marked && open().isPresent();
        }

        /// Whether there are failed rows that [Batches#retry] would ask again.
        public boolean canRetry() {
            boolean failed =
                    standing.filter(one -> one.mark() == Standing.Mark.WHOLE)
                            .filter(one -> one.totals().failed() > 0)
                            .isPresent();
            return failed && run.filter(one -> one.state().isFinal()).isPresent();
        }

        /// In a word: `pending` before the first run, else the state of the newest one, `paused`
        /// where it is.
        public String status() {
            if (isPaused()) {
                return "paused";
            }
            return run.map(Run::state)
                    .filter(state -> state != RunState.QUEUED)
                    .map(state -> state.name().toLowerCase(Locale.ROOT))
                    .orElse("pending");
        }
    }

    public Optional<Shown> find(TaskId id) {
        return tasks.find(id)
                .filter(task -> isOne(task.definition()))
                .map(task -> of(List.of(task)).getFirst());
    }

    /// The newest tasks that are batches, as [TaskQuery] pages them.
    public List<Shown> list(OptionalLong before, int limit) {
        return of(
                tasks.list(
                        new TaskQuery(
                                Optional.of(LIST),
                                Optional.empty(),
                                Optional.empty(),
                                before,
                                0,
                                limit)));
    }

    private List<Shown> of(List<Task> found) {
        var newestRuns = newest.apply(found.stream().map(Task::id).toList());
        var standings = store.of(newestRuns.values().stream().map(Run::id).toList());
        return found.stream()
                .map(
                        task -> {
                            var run = Optional.ofNullable(newestRuns.get(task.id()));
                            var standing =
                                    run.flatMap(
                                            one -> Optional.ofNullable(standings.get(one.id())));
                            return new Shown(task, run, standing);
                        })
                .toList();
    }

    /// Begins a run of the batch; empty when there is none of that id.
    public Optional<Run> execute(TaskId id, Trigger trigger) {
        return find(id).flatMap(_ -> runs.trigger(id, trigger));
    }

    /// Begins a run that asks only the rows which failed in the newest one; empty when nothing has
    /// failed in it, or it has not ended with its output in its place.
    public Optional<Run> retry(Shown shown, Trigger trigger) {
        return shown.canRetry()
                ? runs.trigger(
                        shown.task.id(), trigger, Optional.of(BatchOrder.Scope.FAILED.input()))
                : Optional.empty();
    }

    /// Lets the rows under way end and begins no more, until [#resume]. Returns false when nothing
    /// goes on that could pause.
    public boolean pause(RunId run) {
        return store.pause(run, time.instant().truncatedTo(ChronoUnit.MILLIS));
    }

    /// Returns false when it was not paused.
    public boolean resume(RunId run) {
        boolean resumed = store.resume(run, time.instant().truncatedTo(ChronoUnit.MILLIS));
        if (resumed) {
            intake.wake();
        }
        return resumed;
    }
}
