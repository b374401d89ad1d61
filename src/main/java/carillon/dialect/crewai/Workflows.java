package carillon.dialect.crewai;

import carillon.dialect.Catalog;
import carillon.json.Json;
import carillon.json.TaskJson;
import carillon.task.Task;
import carillon.task.TaskDefinition;
import carillon.task.TaskId;
import carillon.task.Tasks;
import carillon.task.Tasks.Changed;
import carillon.task.Tasks.Created;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// The workflows that this API can show: found, and changed as a whole, so that their steps are
/// always those of their sheets.
final class Workflows {
    private final CrewAiApi.Parts parts;
    private final Catalog catalog;

    Workflows(CrewAiApi.Parts parts) {
        this.parts = parts;
        this.catalog = new Catalog(parts.tasks(), CrewAiApi.NAME, Sheet::fits);
    }

    Optional<Task> find(long id) {
        return catalog.find(new TaskId(id));
    }

    /// Throws [carillon.web.RefusedException] when there is none.
    Task require(long id) {
        return find(id).orElseThrow(() -> Failures.notFound("Workflow", Long.toString(id)));
    }

    List<Task> list(boolean activeOnly, Paging paging) {
        var paused = activeOnly ? Optional.of(false) : Optional.<Boolean>empty();
        return catalog.page(paused, paging.skip(), paging.limit()).tasks();
    }

    /// `head` has the name and the description.
    Task create(ObjectNode head, Sheet sheet, boolean active, String caller) {
        var id = parts.tasks().newId();
        var definition = steps(head, sheet, id, Optional.empty());
        var wanted = new Tasks.NewTask(id, CrewAiApi.NAME, definition, !active, caller);
        return switch (parts.tasks().create(wanted)) {
            case Created.Done(var task) -> task;
            case Created.NeverFires() ->
                    throw new IllegalStateException("a workflow without a schedule always is");
        };
    }

    private TaskDefinition steps(
            ObjectNode head, Sheet sheet, TaskId id, Optional<TaskDefinition> previous) {
        var made = new SheetSteps.Wanted(head, sheet, id, parts.time().instant(), previous);
        return SheetSteps.definition(made);
    }

    /// What is to become of a workflow.
    record Change(UnaryOperator<Sheet> sheet, UnaryOperator<ObjectNode> head) {
        static Change of(UnaryOperator<Sheet> sheet) {
            return new Change(sheet, UnaryOperator.identity());
        }
    }

    /// Throws [carillon.web.RefusedException] when the workflow has gone, or others keep changing
    /// it.
    Task change(TaskId id, Change change, String caller) {
        UnaryOperator<TaskDefinition> rewrite =
                before -> {
                    var head = TaskJson.shown(before);
                    head.remove("action");
                    return steps(
                            change.head.apply(head),
                            change.sheet.apply(Sheet.of(before)),
                            id,
                            Optional.of(before));
                };
        return switch (catalog.rewrite(id, rewrite, caller)) {
            case Changed.Done(var task) -> task;
            case Changed.NotFound(), Changed.NoSuchVersion() ->
                    throw Failures.notFound("Workflow", id.toString());
            case Changed.NeverFires() ->
                    throw Failures.conflict("The schedule of the workflow is over");
            case Changed.Conflict _ -> throw Failures.conflict("Others keep changing the workflow");
        };
    }

    /// A task of a workflow, as its sheet has it.
    record Found(Task workflow, ObjectNode task) {
        long id() {
            return task.path("id").asLong();
        }
    }

    Optional<Found> findTask(long id) {
        var workflow = parts.records().numbers().workflowOf(id);
        return workflow.isEmpty()
                ? Optional.empty()
                : find(workflow.getAsLong())
                        .flatMap(task -> Sheet.of(task).find(id).map(own -> new Found(task, own)));
    }

    /// As tasks are shown, but for how they stand.
    static ObjectNode view(Found found) {
        var out = Json.object().put("id", found.id());
        out.put("workflow_id", found.workflow.id().value());
        out.setAll(found.task);
        return out;
    }
}
