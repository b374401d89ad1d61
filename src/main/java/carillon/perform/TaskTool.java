package carillon.perform;

import static java.util.Objects.requireNonNull;

import carillon.action.Tool;
import carillon.json.Json;
import carillon.run.Lease;
import carillon.run.Run;
import carillon.run.RunId;
import carillon.run.RunState;
import carillon.run.Runs;
import carillon.run.Trigger;
import carillon.task.TaskId;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// The tool `run_task`: begins a run of a task, and waits a while for its end. Runs that agents
/// begin do not begin others through their agents, so that nothing runs in circles.
public final class TaskTool implements Toolbox {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private static final Tool RUN_TASK =
            new Tool(
                    "run_task",
                    "Runs a task, or waits for a run that you began before; returns its state"
                            + " and its output.",
                    """
                    {"type":"object","properties":{
                      "task_id":{"type":"integer","description":"The task to be run"},
                      "input":{"type":"object","description":"What the run is given"},
                      "run_id":{"type":"integer",
                        "description":"Instead of a task: the run to be waited for"}}}
                    """);

    private final Supplier<Runs> runs;

    /// `runs` are there before the first attempt.
    public TaskTool(Supplier<Runs> runs) {
        this.runs = requireNonNull(runs, "runs");
    }

    @Override
    public List<Tool> tools() {
        return List.of(RUN_TASK);
    }

    @Override
    public Result use(String tool, ObjectNode arguments, Lease lease) throws InterruptedException {
        if (arguments.has("task_id") == arguments.has("run_id")) {
            return Result.failed("either task_id or run_id must be given");
        }
        return arguments.has("run_id")
                ? await(arguments.path("run_id"), lease)
                : begin(arguments.path("task_id"), arguments.path("input"), lease);
    }

    private Result begin(JsonNode task, JsonNode input, Lease lease) throws InterruptedException {
        if (!isId(task)) {
            return Result.failed("task_id must be the number of a task");
        }
        if (!input.isMissingNode() && !input.isNull() && !input.isObject()) {
            return Result.failed("input must be a JSON object");
        }
        var wanted = new TaskId(task.asLong());
        var refusal = refusal(wanted, lease.run());
        if (refusal.isPresent()) {
            return Result.failed(refusal.get());
        }
        var given = input.isObject() ? Optional.of(Json.write(input)) : Optional.<String>empty();
        var run = runs.get().triggerFor(lease.run().id(), wanted, given);
        return run.isEmpty()
                ? Result.failed("there is no task " + wanted)
                : ended(run.get().id(), lease);
    }

    private static boolean isId(JsonNode number) {
        return number.isIntegralNumber() && number.canConvertToLong() && number.asLong() > 0;
    }

    /// Why an agent in this run may not begin one of the task.
    private Optional<String> refusal(TaskId wanted, Run from) {
        var at = Optional.of(from);
        while (at.isPresent()) {
            var occasion = at.get().occasion();
            if (at.get().task().equals(wanted)) {
                return Optional.of("task " + wanted + " is the one that you are at work in");
            }
            if (occasion.trigger() == Trigger.AGENT) {
                return Optional.of("an agent began your run: you cannot begin others");
            }
            at =
                    occasion.trigger().isSeenTo()
                            ? occasion.parent().flatMap(runs.get()::find)
                            : Optional.empty();
        }
        return Optional.empty();
    }

    private Result await(JsonNode run, Lease lease) throws InterruptedException {
        var own = Optional.of(lease.run().id());
        var found =
                isId(run)
                        ? runs.get().find(new RunId(run.asLong())).filter(one -> isBy(own, one))
                        : Optional.<Run>empty();
        return found.isEmpty()
                ? Result.failed("run_id must be the number of a run that you began")
                : ended(found.get().id(), lease);
    }

    private static boolean isBy(Optional<RunId> agents, Run run) {
        var occasion = run.occasion();
        return occasion.trigger() == Trigger.AGENT && occasion.parent().equals(agents);
    }

    private Result ended(RunId id, Lease lease) throws InterruptedException {
        var timeout = lease.definition().policies().timeout();
        var patience = timeout.compareTo(PATIENCE) < 0 ? timeout : PATIENCE;
        var run = runs.get().await(id, patience);
        if (run.isEmpty()) {
            return Result.failed("run " + id + " is gone");
        }
        var state = run.get().state();
        if (!state.isFinal()) {
            return Result.failed("run " + id + " goes on: wait for it with its run_id");
        }
        if (state != RunState.SUCCEEDED) {
            return Result.failed("run " + id + " " + state + ": " + run.get().progress().reason());
        }
        return Result.of("run " + id + " " + state + "\n" + runs.get().output(id).body());
    }
}
