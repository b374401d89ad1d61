package carillon.run;

import static java.util.Objects.requireNonNull;

import carillon.action.Approval;
import carillon.action.Step;
import carillon.action.StepKey;
import carillon.action.Wait;
import carillon.action.Workflow;
import carillon.task.TaskStore;
import carillon.task.TaskVersion;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// The use cases of the steps of workflows. What they return is on disk.
public final class Steps {
    private final TaskStore tasks;
    private final RunStore runs;
    private final FamilyStore families;
    private final RunEventStore events;
    private final Endings endings;
    private final InstantSource time;

    public Steps(
            TaskStore tasks,
            RunStore runs,
            FamilyStore families,
            RunEventStore events,
            Endings endings,
            InstantSource time) {
        this.tasks = requireNonNull(tasks, "tasks");
        this.runs = requireNonNull(runs, "runs");
        this.families = requireNonNull(families, "families");
        this.events = requireNonNull(events, "events");
        this.endings = requireNonNull(endings, "endings");
        this.time = requireNonNull(time, "time");
    }

    /// The workflow whose run this is, in the version that it runs; empty for any other run.
    public Optional<Workflow> workflow(Run run) {
        return tasks.version(run.task(), run.version())
                .map(TaskVersion::definition)
                .filter(_ -> run.occasion().step().isEmpty())
                .filter(definition -> definition.action() instanceof Workflow)
                .map(definition -> (Workflow) definition.action());
    }

    /// The runs of its steps, in the order in which they came about, at most `limit` after the id
    /// `after`.
    public List<Run> list(RunId workflow, long after, int limit) {
        return families.steps(workflow, after, limit);
    }

    public sealed interface Decided {
        record Done(Run run) implements Decided {}

        record NotFound() implements Decided {}

        /// The run waits for nobody: it is no approval, or has ended.
        record NotWaiting(Run run) implements Decided {}
    }

    /// Says yes or no where a step of a workflow asks. `output` is kept as what the step brought.
    public Decided decide(RunId id, boolean approved, String reason, Output output) {
        var run = runs.find(id);
        if (run.isEmpty()) {
            return new Decided.NotFound();
        }
        if (!isApproval(run.get())) {
            return new Decided.NotWaiting(run.get());
        }
        var now = time.instant().truncatedTo(ChronoUnit.MILLIS);
        var state = approved ? RunState.SUCCEEDED : RunState.FAILED;
        boolean done = families.decide(id, state, reason, output, now);
        var after = runs.find(id).orElse(run.get());
        if (!done) {
            return new Decided.NotWaiting(after);
        }
        endings.announce(List.of(id));
        endings.tellParent(after);
        return new Decided.Done(after);
    }

    /// What became of an event that the run of a workflow is told; empty when it is none of one.
    /// `body` is JSON, or empty.
    public Optional<RunEventStore.Told> tell(Run run, String name, String body) {
        return workflow(run).map(workflow -> tell(run, workflow, name, body));
    }

    private RunEventStore.Told tell(Run run, Workflow workflow, String name, String body) {
        var steps = workflow.steps();
        var places =
                IntStream.range(0, steps.size())
                        .filter(at -> isFor(steps.get(at), name))
                        .boxed()
                        .collect(Collectors.toSet());
        var now = time.instant().truncatedTo(ChronoUnit.MILLIS);
        var told = events.tell(run.id(), places, new RunEventStore.NewEvent(name, body, now));
        if (told instanceof RunEventStore.Told.Taken(var step)) {
            endings.announce(List.of(step.id()));
            endings.tellParent(step);
        }
        return told;
    }

    private static boolean isFor(Step step, String event) {
        return step.action() instanceof Wait wait && wait.isFor(event);
    }

    private boolean isApproval(Run run) {
        return run.occasion()
                .step()
                .flatMap(key -> step(run, key))
                .filter(step -> step.action() instanceof Approval)
                .isPresent();
    }

    /// What the run of a step does.
    public Optional<Step> step(Run run, StepKey key) {
        return tasks.version(run.task(), run.version())
                .map(TaskVersion::definition)
                .filter(definition -> definition.action() instanceof Workflow)
                .map(definition -> ((Workflow) definition.action()).steps())
                .filter(steps -> key.place() < steps.size())
                .map(steps -> steps.get(key.place()));
    }
}
