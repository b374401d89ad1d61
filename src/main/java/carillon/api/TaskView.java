package carillon.api;

import carillon.budget.Budgets;
import carillon.json.Json;
import carillon.json.TaskJson;
import carillon.task.Task;
import carillon.task.TaskVersion;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A task in JSON: its definition, secrets masked, and how it stands.
final class TaskView {
    /// What a view shows beside the definition and nobody sets. A client that sends back what it
    /// got sends these too.
    static final Set<String> READ_ONLY =
            Set.of(
                    "id",
                    "version",
                    "origin",
                    "next_fire_at",
                    "schedule_description",
                    "budget_status",
                    "created_at",
                    "updated_at");

    private TaskView() {}

    /// With how their own budgets stand, as far as they have any.
    static List<ObjectNode> of(List<Task> tasks, Budgets budgets) {
        var accounts = budgets.accountsOfTasks(tasks);
        return tasks.stream()
                .map(task -> of(task, Optional.ofNullable(accounts.get(task.id()))))
                .toList();
    }

    static ObjectNode of(Task task, Budgets budgets) {
        return of(List.of(task), budgets).getFirst();
    }

    private static ObjectNode of(Task task, Optional<Budgets.Account> account) {
        var view = Json.object().put("id", task.id().value());
        view.setAll(TaskJson.shown(task.definition()));
        view.put("paused", task.paused())
                .put("version", task.version())
                .put("origin", task.origin());
        putInstant(view, "next_fire_at", task.nextRun());
        view.put(
                "schedule_description",
                task.definition()
                        .timetable()
                        .map(timetable -> timetable.schedule().describe())
                        .orElse(null));
        view.set("budget_status", account.<JsonNode>map(BudgetView::of).orElse(NullNode.instance));
        return view.put("created_at", task.createdAt().toString())
                .put("updated_at", task.updatedAt().toString());
    }

    static ObjectNode of(TaskVersion version) {
        var view =
                Json.object()
                        .put("task_id", version.task().value())
                        .put("version", version.version())
                        .put("created_at", version.createdAt().toString())
                        .put("created_by", version.createdBy());
        if (version.rolledBackFrom().isPresent()) {
            view.put("rolled_back_from", version.rolledBackFrom().getAsInt());
        } else {
            view.putNull("rolled_back_from");
        }
        view.set("definition", TaskJson.shown(version.definition()));
        return view;
    }

    static void putInstant(ObjectNode view, String name, Optional<Instant> instant) {
        instant.ifPresentOrElse(at -> view.put(name, at.toString()), () -> view.putNull(name));
    }
}
