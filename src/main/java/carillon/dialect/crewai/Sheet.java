package carillon.dialect.crewai;

import carillon.action.Workflow;
import carillon.json.Json;
import carillon.task.Task;
import carillon.task.TaskDefinition;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;

/// A workflow as this API was told it: `{workflow_type, config, tasks}`, each task as it is shown.
/// It is kept with the workflow, whose steps are made of it: see [SheetSteps].
record Sheet(String type, Optional<ObjectNode> config, List<ObjectNode> tasks) {
    static final List<String> TYPES = List.of("linear", "parallel", "conditional", "loop");

    Sheet {
        tasks = List.copyOf(tasks);
    }

    /// Whether this API can show the task.
    static boolean fits(TaskDefinition definition) {
        return definition.action() instanceof Workflow workflow && workflow.sheet().isPresent();
    }

    static Sheet of(Task task) {
        return of(task.definition());
    }

    static Sheet of(TaskDefinition definition) {
        var json = Json.readObject(((Workflow) definition.action()).sheet().orElseThrow());
        var config =
                json.path("config") instanceof ObjectNode own
                        ? Optional.of(own)
                        : Optional.<ObjectNode>empty();
        var tasks =
                StreamSupport.stream(json.path("tasks").spliterator(), false)
                        .map(task -> (ObjectNode) task)
                        .toList();
        return new Sheet(json.path("workflow_type").asText(), config, tasks);
    }

    String write() {
        var json = Json.object().put("workflow_type", type);
        config.ifPresent(own -> json.set("config", own));
        json.putArray("tasks").addAll(tasks);
        return Json.write(json);
    }

    Optional<ObjectNode> find(long id) {
        return tasks.stream().filter(task -> task.path("id").asLong() == id).findFirst();
    }

    /// With this task, in the place of the one with its id or after all others.
    Sheet with(ObjectNode task) {
        long id = task.path("id").asLong();
        if (find(id).isEmpty()) {
            var more = new ArrayList<>(tasks);
            more.add(task);
            return new Sheet(type, config, more);
        }
        return new Sheet(
                type,
                config,
                tasks.stream().map(each -> each.path("id").asLong() == id ? task : each).toList());
    }

    Sheet without(long id) {
        return new Sheet(
                type,
                config,
                tasks.stream().filter(task -> task.path("id").asLong() != id).toList());
    }

    Sheet of(String otherType, Optional<ObjectNode> otherConfig) {
        return new Sheet(otherType, otherConfig, tasks);
    }

    /// The tasks that the workflow does.
    List<ObjectNode> active() {
        return tasks.stream().filter(task -> task.path("is_active").asBoolean()).toList();
    }

    /// The ids of the tasks that depend on this one.
    List<Long> dependents(long id) {
        return tasks.stream()
                .filter(task -> has((ArrayNode) task.get("dependencies"), id))
                .map(task -> task.path("id").asLong())
                .toList();
    }

    private static boolean has(ArrayNode dependencies, long id) {
        return dependencies.valueStream().mapToLong(JsonNode::asLong).anyMatch(each -> each == id);
    }
}
