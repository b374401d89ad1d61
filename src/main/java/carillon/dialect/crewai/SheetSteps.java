package carillon.dialect.crewai;

import carillon.action.Workflow;
import carillon.json.Json;
import carillon.json.Problems;
import carillon.json.ReadContext;
import carillon.json.TaskJson;
import carillon.task.TaskDefinition;
import carillon.task.TaskId;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// Makes the steps of a workflow from its [Sheet], as native JSON, which is then read as any. A
/// step has the id of its task as its name, so that paths such as `tasks.3.output` lead to it.
final class SheetSteps {
    private static final int DEFAULT_PASSES = 10;
    private static final Pattern STEP = Pattern.compile("action\\.workflow\\.steps\\[\\d+\\]\\.?");
    private static final List<String> HTTP =
            List.of("url", "method", "headers", "body", "auth", "success_codes", "secret");

    /// What native JSON calls the fields of a task, and what this API does.
    private static final Map<String, String> NAMES = new HashMap<>();

    static {
        NAMES.put("depends_on", "dependencies");
        NAMES.put("action.http", "config");
        NAMES.put("action.agent.text", "description");
        NAMES.put("action.tool.name", "config.tool");
        NAMES.put("action.tool.arguments", "config.arguments");
        NAMES.put("action.task.id", "config.workflow_id");
        NAMES.put("when", "config.when");
        NAMES.put("for_each", "config.for_each");
        NAMES.put("on_failure", "config.on_failure");
        NAMES.put("attempts", "config.attempts");
        NAMES.put("timeout", "config.timeout");
        NAMES.put("inputs", "config.map");
    }

    private final Sheet sheet;

    private SheetSteps(Sheet sheet) {
        this.sheet = sheet;
    }

    /// What the definition of a workflow is made of: `head` is all of it but the action, as native
    /// JSON; secrets that are masked there are those of the `previous` one.
    record Wanted(
            ObjectNode head,
            Sheet sheet,
            TaskId id,
            Instant now,
            Optional<TaskDefinition> previous) {}

    /// Throws [carillon.web.RefusedException].
    static TaskDefinition definition(Wanted wanted) {
        var sheet = wanted.sheet;
        var whole = wanted.head.deepCopy();
        var action = whole.putObject("action");
        boolean isEmpty = sheet.active().isEmpty();
        if (isEmpty) {
            action.putObject("nothing");
        } else {
            action.set("workflow", new SheetSteps(sheet).workflow());
        }
        var problems = new Problems();
        var fresh = ReadContext.sent(wanted.id, wanted.now, ZoneOffset.UTC);
        var context = wanted.previous.map(fresh::replacing).orElse(fresh);
        var read = TaskJson.read(whole, context, problems);
        Failures.refuse(problems, SheetSteps::name);
        var definition = read.orElseThrow();
        var workflow =
                isEmpty
                        ? new Workflow(Workflow.Shape.PARALLEL, List.of())
                        : (Workflow) definition.action();
        return new TaskDefinition(
                definition.name(),
                definition.description(),
                definition.timetable(),
                workflow.with(Optional.of(sheet.write())),
                definition.policies(),
                definition.tags(),
                definition.budget(),
                definition.processing());
    }

    private static String name(String path) {
        if (path.startsWith("action.workflow.loop.")) {
            return "config." + path.substring("action.workflow.loop.".length());
        }
        var field = STEP.matcher(path).replaceFirst("");
        for (var entry : NAMES.entrySet()) {
            if (field.startsWith(entry.getKey())) {
                return entry.getValue() + field.substring(entry.getKey().length());
            }
        }
        // What is wrong with a step as a whole is what it depends on.
        return field.isEmpty() ? "dependencies" : field;
    }

    private boolean isOrdered() {
        return sheet.type().equals("linear") || sheet.type().equals("loop");
    }

    private ObjectNode workflow() {
        var out = Json.object();
        out.put("shape", sheet.type().equals("loop") ? "linear" : sheet.type());
        if (sheet.type().equals("loop")) {
            var loop = out.putObject("loop");
            var config = sheet.config().orElseGet(Json::object);
            loop.set("max_passes", config.path("max_iterations"));
            if (!config.hasNonNull("max_iterations")) {
                loop.put("max_passes", DEFAULT_PASSES);
            }
            if (config.hasNonNull("until")) {
                loop.set("until", config.get("until"));
            }
        }
        var steps = out.putArray("steps");
        sheet.active().forEach(task -> steps.add(step(task)));
        return out;
    }

    private ObjectNode step(ObjectNode task) {
        var config = task.path("config");
        var step = Json.object().put("name", task.path("id").asText());
        var dependencies = step.putArray("depends_on");
        task.path("dependencies").forEach(id -> depend(id, dependencies));
        step.set("order", task.get("order"));
        step.set("priority", task.get("priority"));
        for (var name : List.of("when", "for_each", "attempts", "timeout")) {
            if (config.hasNonNull(name)) {
                step.set(name, config.get(name));
            }
        }
        step.put("on_failure", isOrdered() ? "stop" : "continue");
        if (config.hasNonNull("on_failure")) {
            step.set("on_failure", config.get("on_failure"));
        }
        var action = step.putObject("action");
        switch (task.path("task_type").asText()) {
            case "api_task" -> action.set("http", http(config));
            case "data_task" -> {
                action.putObject("nothing");
                step.set("inputs", config.path("map"));
            }
            case "custom_task" -> {
                if (config.hasNonNull("workflow_id")) {
                    action.putObject("task").set("id", config.get("workflow_id"));
                } else {
                    var tool = action.putObject("tool");
                    tool.set("name", config.path("tool"));
                    tool.set("arguments", config.get("arguments"));
                }
                step.set("inputs", config.get("map"));
            }
            default -> {
                action.set("agent", agent(task));
                step.set("inputs", inputs(task));
            }
        }
        return step;
    }

    /// Of a task that is not done nobody has to wait for the end.
    private void depend(JsonNode id, ArrayNode dependencies) {
        boolean isDone =
                sheet.find(id.asLong())
                        .map(other -> other.path("is_active").asBoolean())
                        .orElse(true);
        if (isDone) {
            dependencies.add(id.asText());
        }
    }

    private static ObjectNode http(JsonNode config) {
        var http = Json.object();
        HTTP.stream().filter(config::hasNonNull).forEach(name -> http.set(name, config.get(name)));
        return http;
    }

    private static ObjectNode agent(ObjectNode task) {
        var text = new StringBuilder(task.path("name").asText());
        if (task.hasNonNull("description")) {
            text.append('\n').append(task.get("description").asText());
        }
        if (!task.path("input_data").isEmpty()) {
            text.append("\n\nTask input:\n").append(Json.write(task.get("input_data")));
        }
        return Json.object()
                .put("agent", task.path("agent_id").asText())
                .put("text", text.toString());
    }

    /// What an agent is told beside its task: the input of the execution and, where steps have an
    /// order, all that was done before, else what the task depends on.
    private ObjectNode inputs(ObjectNode task) {
        var inputs = Json.object().put("Input", "input");
        if (isOrdered()) {
            return inputs.put("Results so far, by task id", "tasks");
        }
        for (var id : task.path("dependencies")) {
            if (sheet.find(id.asLong()).filter(t -> t.path("is_active").asBoolean()).isPresent()) {
                inputs.put("Result of task " + id.asText(), "tasks." + id.asText());
            }
        }
        return inputs;
    }
}
