package carillon.dialect.crewai;

import carillon.action.Workflow;
import carillon.ai.Spending;
import carillon.ai.Tokens;
import carillon.batch.Standing.Mark;
import carillon.json.Fields;
import carillon.json.Json;
import carillon.json.JsonException;
import carillon.json.PortionJson;
import carillon.json.Problems;
import carillon.run.Output;
import carillon.run.Portion;
import carillon.run.Run;
import carillon.run.RunId;
import carillon.run.RunQuery;
import carillon.run.RunState;
import carillon.run.Runs;
import carillon.run.Trigger;
import carillon.task.Task;
import carillon.task.TaskVersion;
import carillon.web.Call;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// Executions: runs of workflows, and runs of their steps.
final class Executions {
    private static final Set<RunState> OPEN = EnumSet.of(RunState.QUEUED, RunState.RUNNING);
    private static final int MAX_OPEN = 1_000;

    /// So many executions of a workflow are looked through for those of a task.
    private static final int LOOKED_THROUGH = 200;

    private final CrewAiApi.Parts parts;
    private final Workflows workflows;

    Executions(CrewAiApi.Parts parts, Workflows workflows) {
        this.parts = parts;
        this.workflows = workflows;
    }

    private static RunQuery query(Task task, Set<RunState> states, int skip, int limit) {
        return new RunQuery(Optional.of(task.id()), states, OptionalLong.empty(), skip, limit);
    }

    Optional<Run> newest(Task task) {
        return parts.runs().list(query(task, Set.of(), 0, 1)).stream().findFirst();
    }

    long count(Task task) {
        return parts.records().runs().count(task.id());
    }

    List<Run> open(Task task) {
        return parts.runs().list(query(task, OPEN, 0, MAX_OPEN));
    }

    List<ObjectNode> of(Task task, Paging paging) {
        return views(parts.runs().list(query(task, Set.of(), paging.skip(), paging.limit())));
    }

    /// When it began, or was to.
    static Instant begun(Run run) {
        return run.progress().times().startedAt().orElse(run.dueAt());
    }

    boolean cancel(Run run) {
        return parts.runs().cancel(run.id(), "cancelled") instanceof Runs.Cancelled.Done;
    }

    boolean isPaused(Run run) {
        return !run.state().isFinal()
                && parts.records()
                        .standings()
                        .find(run.id())
                        .filter(standing -> standing.mark() == Mark.PAUSED)
                        .isPresent();
    }

    String status(Run run) {
        return Statuses.of(run, isPaused(run));
    }

    /// `{"input_data": {…}}`. Throws [carillon.web.RefusedException].
    static Optional<String> input(Call call) {
        if (!call.hasBody()) {
            return Optional.empty();
        }
        var problems = new Problems();
        var input =
                Fields.of(call.json(), "", problems).flatMap(fields -> fields.raw("input_data"));
        if (input.filter(sent -> !(sent instanceof ObjectNode)).isPresent()) {
            problems.add("input_data", "must be an object");
        } else if (input.filter(sent -> PortionJson.isIn((ObjectNode) sent)).isPresent()) {
            problems.add("input_data", "must not have a field $portion");
        }
        Failures.refuse(problems, name -> name);
        return input.map(Json::write);
    }

    Run begin(Task task, Optional<String> input) {
        return parts.runs()
                .trigger(task.id(), Trigger.API, input)
                .orElseThrow(() -> Failures.notFound("Workflow", task.id().toString()));
    }

    /// Does a single task, as if the others had been done: what they brought is what they brought
    /// in the execution `of`.
    Run beginOnly(Workflows.Found found, Optional<Run> of, Optional<String> input) {
        var portion = new Portion(of.map(Run::id), Set.of(Long.toString(found.id())));
        var given = input.or(() -> of.flatMap(run -> parts.runs().input(run.id())));
        return begin(found.workflow(), Optional.of(PortionJson.write(portion, given)));
    }

    ObjectNode view(Run run) {
        return views(List.of(run)).getFirst();
    }

    List<ObjectNode> views(List<Run> runs) {
        var outputs = parts.runs().outputs(runs.stream().map(Run::id).toList());
        var standings = parts.records().standings().of(runs.stream().map(Run::id).toList());
        return runs.stream()
                .map(
                        run -> {
                            var standing = Optional.ofNullable(standings.get(run.id()));
                            boolean paused =
                                    standing.filter(one -> one.mark() == Mark.PAUSED).isPresent();
                            var output = outputs.getOrDefault(run.id(), Output.NONE);
                            return view(run, Statuses.of(run, paused), output);
                        })
                .toList();
    }

    private ObjectNode view(Run run, String status, Output output) {
        var out = Json.object().put("id", run.id().value());
        out.put("workflow_id", run.task().value()).put("status", status);
        putTimes(run, out);
        var input = PortionJson.without(parts.runs().input(run.id()));
        out.set("input_data", input.<JsonNode>map(Json::read).orElse(NullNode.instance));
        putEnd(run, output, out);
        return out.putNull("execution_log").putNull("created_by");
    }

    private static void putTimes(Run run, ObjectNode out) {
        out.put("started_at", Times.write(begun(run)));
        Times.put(out, "completed_at", run.progress().times().finishedAt());
    }

    private static void putEnd(Run run, Output output, ObjectNode out) {
        out.set("output_data", value(output));
        boolean well = run.state() == RunState.SUCCEEDED || !run.state().isFinal();
        out.put("error_message", well ? null : run.progress().reason());
    }

    /// JSON where it is JSON, else a text.
    static JsonNode value(Output output) {
        if (output.body().isEmpty()) {
            return NullNode.instance;
        }
        try {
            return output.cut() ? TextNode.valueOf(output.body()) : Json.read(output.body());
        } catch (JsonException _) {
            return TextNode.valueOf(output.body());
        }
    }

    /// The runs of the steps of an execution, each with the id of its task.
    record OfTask(long task, Run run) {}

    List<OfTask> tasks(Run execution) {
        var names =
                parts.tasks()
                        .version(execution.task(), execution.version())
                        .map(TaskVersion::definition)
                        .filter(definition -> definition.action() instanceof Workflow)
                        .map(definition -> ((Workflow) definition.action()).steps())
                        .orElse(List.of());
        var found = new ArrayList<OfTask>();
        for (var run : parts.steps().list(execution.id(), 0, Workflow.MAX_STEPS)) {
            int place = run.occasion().step().orElseThrow().place();
            if (place < names.size()) {
                CrewAiApi.number(names.get(place).name())
                        .ifPresent(task -> found.add(new OfTask(task, run)));
            }
        }
        return found;
    }

    /// The newest run of each task of a workflow that has one.
    Map<Long, Run> newestOfTasks(Task workflow) {
        var newest = new HashMap<Long, Run>();
        int wanted = Sheet.of(workflow).tasks().size();
        for (var execution : parts.runs().list(query(workflow, Set.of(), 0, LOOKED_THROUGH))) {
            if (newest.size() >= wanted) {
                break;
            }
            var own = new HashMap<Long, Run>();
            tasks(execution).forEach(one -> own.put(one.task, one.run));
            own.forEach(newest::putIfAbsent);
        }
        return newest;
    }

    /// The runs of a task, newest first.
    List<Run> ofTask(Workflows.Found found) {
        var runs = new ArrayList<Run>();
        for (var execution :
                parts.runs().list(query(found.workflow(), Set.of(), 0, LOOKED_THROUGH))) {
            tasks(execution).reversed().stream()
                    .filter(one -> one.task == found.id())
                    .forEach(one -> runs.add(one.run));
        }
        return runs;
    }

    /// The executions of a task as they are shown.
    List<ObjectNode> viewsOfTask(long task, List<Run> runs) {
        var ids = runs.stream().map(Run::id).toList();
        var outputs = parts.runs().outputs(ids);
        var spendings = ids.isEmpty() ? Map.<RunId, Spending>of() : parts.runs().spendings(ids);
        return runs.stream()
                .map(
                        run ->
                                viewOfTask(
                                        task,
                                        run,
                                        outputs.getOrDefault(run.id(), Output.NONE),
                                        spendings.getOrDefault(run.id(), Spending.NONE)))
                .toList();
    }

    private ObjectNode viewOfTask(long task, Run run, Output output, Spending spending) {
        var out = Json.object().put("id", run.id().value()).put("task_id", task);
        out.put("workflow_execution_id", run.occasion().parent().orElse(run.id()).value());
        out.put("status", Statuses.of(run, false));
        putTimes(run, out);
        var given = parts.runs().input(run.id()).map(text -> Json.readObject(text).path("inputs"));
        out.set("input_data", given.filter(JsonNode::isObject).orElse(NullNode.instance));
        putEnd(run, output, out);
        out.putNull("execution_log");
        out.put("tokens_used", spending.tokens().map(Tokens::total).orElse(0L));
        var times = run.progress().times();
        out.put(
                "execution_time",
                times.startedAt()
                        .flatMap(from -> times.finishedAt().map(to -> Duration.between(from, to)))
                        .map(took -> took.toMillis() / 1_000.0)
                        .orElse(null));
        return out.putNull("created_by");
    }

    /// A task that is to be done by itself, until its run has begun.
    static ObjectNode pending(long task, Run execution) {
        var out = Json.object().put("id", execution.id().value()).put("task_id", task);
        out.put("workflow_execution_id", execution.id().value());
        out.put("status", "pending").put("started_at", Times.write(begun(execution)));
        out.putNull("completed_at").putNull("input_data").putNull("output_data");
        out.putNull("error_message").putNull("execution_log");
        return out.put("tokens_used", 0).putNull("execution_time").putNull("created_by");
    }

    /// An execution of a workflow of this API. Throws [carillon.web.RefusedException].
    Run require(Call call) {
        var id = CrewAiApi.require(call, "execution_id", "Execution");
        return parts.runs()
                .find(new RunId(id))
                .filter(run -> workflows.find(run.task().value()).isPresent())
                .orElseThrow(() -> Failures.notFound("Execution", Long.toString(id)));
    }
}
