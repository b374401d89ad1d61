package carillon.json;

import carillon.action.Action;
import carillon.action.AgentCall;
import carillon.action.Approval;
import carillon.action.BatchFile;
import carillon.action.HttpCall;
import carillon.action.Nothing;
import carillon.action.PromptCall;
import carillon.action.TaskBatch;
import carillon.action.TaskCall;
import carillon.action.ToolCall;
import carillon.action.Wait;
import carillon.action.Workflow;
import carillon.json.ReadContext.Form;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/// The field `action`: an object with one field, which names the kind of action.
final class ActionJson {
    private static final List<String> KINDS =
            List.of("http", "prompt", "agent", "tool", "batch", "tasks", "workflow", "nothing");

    private ActionJson() {}

    /// What a step of a workflow can do.
    private static final List<String> STEP_KINDS =
            List.of(
                    "http",
                    "prompt",
                    "agent",
                    "tool",
                    "task",
                    "batch",
                    "wait",
                    "approval",
                    "nothing");

    static Optional<Action> read(Fields parent, ReadContext context) {
        return read(parent, context, KINDS);
    }

    static Optional<Action> readOfStep(Fields parent, ReadContext context) {
        return read(parent, context, STEP_KINDS);
    }

    private static Optional<Action> read(Fields parent, ReadContext context, List<String> kinds) {
        if (!parent.has("action")) {
            parent.problem("action", "is required");
            return Optional.empty();
        }
        return parent.object("action").flatMap(fields -> readKind(fields, context, kinds));
    }

    private static Optional<Action> readKind(
            Fields fields, ReadContext context, List<String> kinds) {
        var sent = kinds.stream().filter(fields::has).toList();
        var inner = sent.stream().flatMap(kind -> fields.object(kind).stream()).toList();
        fields.done();
        if (sent.size() != 1) {
            fields.problem("must have exactly one of " + String.join(", ", kinds));
            return Optional.empty();
        }
        return inner.stream().findFirst().flatMap(own -> readKind(sent.getFirst(), own, context));
    }

    private static Optional<Action> readKind(String kind, Fields fields, ReadContext context) {
        return switch (kind) {
            case "http" -> HttpCallJson.read(fields, context);
            case "prompt" -> PromptCallJson.read(fields, context);
            case "agent" -> AgentCallJson.read(fields, context);
            case "tool" -> CallJson.readTool(fields);
            case "task" -> CallJson.readTask(fields);
            case "batch" -> BatchFileJson.read(fields, context);
            case "tasks" -> TaskBatchJson.read(fields);
            case "workflow" -> WorkflowJson.read(fields, context).map(Action.class::cast);
            case "wait" -> PausingJson.readWait(fields);
            case "approval" -> PausingJson.readApproval(fields);
            default -> {
                fields.done();
                yield Optional.of(new Nothing());
            }
        };
    }

    static ObjectNode write(Action action, Form form) {
        var out = Json.object();
        switch (action) {
            case HttpCall call -> out.set("http", HttpCallJson.write(call, form));
            case PromptCall call -> out.set("prompt", PromptCallJson.write(call));
            case AgentCall call -> out.set("agent", AgentCallJson.write(call));
            case ToolCall call -> out.set("tool", CallJson.write(call));
            case TaskCall call -> out.set("task", CallJson.write(call));
            case BatchFile batch -> out.set("batch", BatchFileJson.write(batch));
            case TaskBatch tasks -> out.set("tasks", TaskBatchJson.write(tasks));
            case Workflow workflow -> out.set("workflow", WorkflowJson.write(workflow, form));
            case Wait wait -> out.set("wait", PausingJson.write(wait));
            case Approval approval -> out.set("approval", PausingJson.write(approval));
            case Nothing _ -> out.putObject("nothing");
        }
        return out;
    }
}
