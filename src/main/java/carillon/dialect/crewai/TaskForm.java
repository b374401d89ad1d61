package carillon.dialect.crewai;

import carillon.json.Fields;
import carillon.json.Json;
import carillon.json.Problems;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/// A task as it is sent, in the form in which [Sheet]s keep it.
final class TaskForm {
    static final List<String> TYPES = List.of("ai_task", "data_task", "api_task", "custom_task");
    private static final int MAX_NAME = 200;
    private static final int MAX_DESCRIPTION = 50_000;
    private static final int MAX_PRIORITY = 10;
    private static final int MAX_ORDER = 1_000_000;
    private static final int MAX_DEPENDENCIES = 10_000;

    private TaskForm() {}

    /// What was sent, over the task that it changes. Without ids and times. Throws
    /// [carillon.web.RefusedException].
    static ObjectNode read(JsonNode sent, Optional<ObjectNode> before) {
        var whole = before.map(ObjectNode::deepCopy).orElseGet(TaskForm::preset);
        if (sent instanceof ObjectNode fields) {
            whole.setAll(fields);
        }
        var problems = new Problems();
        var out = Json.object();
        Fields.of(sent instanceof ObjectNode ? whole : sent, "", problems)
                .ifPresent(fields -> read(fields, out));
        Failures.refuse(problems, name -> name);
        return out;
    }

    private static ObjectNode preset() {
        return Json.object()
                .put("task_type", "ai_task")
                .put("priority", 0)
                .put("order", 0)
                .put("is_active", true);
    }

    private static void read(Fields fields, ObjectNode out) {
        var agent = fields.wholeNumber("agent_id", 1, Long.MAX_VALUE);
        out.put("agent_id", agent.isPresent() ? agent.getAsLong() : null);
        out.put("name", fields.requiredText("name", MAX_NAME).orElse(""));
        out.put("description", fields.text("description", MAX_DESCRIPTION).orElse(null));
        var type = fields.text("task_type", MAX_NAME).orElse("ai_task");
        if (!TYPES.contains(type)) {
            fields.problem("task_type", "must be one of " + String.join(", ", TYPES));
        } else if (type.equals("ai_task") && agent.isEmpty()) {
            fields.problem("agent_id", "is required for an ai_task");
        }
        out.put("task_type", type);
        out.put("priority", fields.integer("priority", 0, MAX_PRIORITY).orElse(0));
        out.put("order", fields.integer("order", 0, MAX_ORDER).orElse(0));
        object(fields, "input_data", out);
        object(fields, "config", out);
        if (type.equals("data_task") && !out.path("config").path("map").isObject()) {
            fields.problem("config.map", "is required for a data_task");
        }
        if (type.equals("custom_task")) {
            custom(fields, out.path("config"));
        }
        dependencies(fields, out);
        out.put("is_active", fields.bool("is_active").orElse(true));
    }

    /// A tool of a tool server, or another workflow.
    private static void custom(Fields fields, JsonNode config) {
        if (config.hasNonNull("tool") == config.hasNonNull("workflow_id")) {
            fields.problem(
                    "config", "of a custom_task has either tool (SERVER__TOOL) or workflow_id");
        }
    }

    private static void object(Fields fields, String name, ObjectNode out) {
        var sent = fields.raw(name);
        if (sent.filter(value -> !value.isObject()).isPresent()) {
            fields.problem(name, "must be an object");
        }
        out.set(name, sent.orElse(null));
    }

    private static void dependencies(Fields fields, ObjectNode out) {
        var items = fields.array("dependencies", MAX_DEPENDENCIES).orElse(List.of());
        var ids = out.putArray("dependencies");
        for (int i = 0; i < items.size(); i++) {
            if (items.get(i).canConvertToLong() && items.get(i).isIntegralNumber()) {
                ids.add(items.get(i).asLong());
            } else {
                fields.problem("dependencies[" + i + "]", "must be the id of a task");
            }
        }
    }
}
