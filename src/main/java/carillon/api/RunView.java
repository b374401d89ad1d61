package carillon.api;

import carillon.ai.Spending;
import carillon.json.Json;
import carillon.run.Output;
import carillon.run.Run;
import carillon.run.RunId;
import carillon.run.RunState;
import carillon.run.RunStore;
import carillon.run.Runs;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// A run in JSON. Lists leave its output out.
final class RunView {
    private RunView() {}

    /// A run that has not begun, and so has spent nothing.
    static ObjectNode begins(Run run) {
        return of(run, NullNode.instance, Spending.NONE);
    }

    /// The runs of a list, with what each has spent.
    static Function<Run, ObjectNode> inList(Map<RunId, Spending> spendings) {
        return run -> of(run, NullNode.instance, spendings.getOrDefault(run.id(), Spending.NONE));
    }

    static ObjectNode whole(Run run, Runs runs) {
        var output = runs.output(run.id());
        var spending = runs.spendings(List.of(run.id())).getOrDefault(run.id(), Spending.NONE);
        return of(run, output.isEmpty() ? NullNode.instance : output(output), spending);
    }

    private static ObjectNode of(Run run, JsonNode output, Spending spending) {
        var progress = run.progress();
        var occasion = run.occasion();
        var view =
                Json.object()
                        .put("id", run.id().value())
                        .put("task_id", run.task().value())
                        .put("task_version", run.version())
                        .put("trigger", occasion.trigger().name());
        TaskView.putInstant(view, "fire_time", occasion.fireTime());
        view.put("due_at", occasion.dueAt().toString()).put("state", run.state().name());
        putText(view, "reason", progress.reason());
        view.put("attempt", progress.attemptsUsed());
        view.put("max_attempts", progress.attemptsAllowed());
        TaskView.putInstant(view, "started_at", progress.times().startedAt());
        TaskView.putInstant(view, "finished_at", progress.times().finishedAt());
        view.put("lateness_ms", run.lateness().map(Duration::toMillis).orElse(null));
        view.put("node", progress.holder().map(holder -> holder.node()).orElse(null));
        view.set("output", output);
        putText(view, "error", run.state() == RunState.FAILED ? progress.reason() : "");
        SpendingView.put(view, spending);
        view.put("parent_id", occasion.parent().map(parent -> parent.value()).orElse(null));
        if (run.count() > 1) {
            view.put("count", run.count());
            TaskView.putInstant(view, "last_fire_time", run.lastFireTime());
        }
        return view;
    }

    static ObjectNode output(Output output) {
        var view = Json.object();
        if (output.statusCode().isPresent()) {
            view.put("status_code", output.statusCode().getAsInt());
        } else {
            view.putNull("status_code");
        }
        putText(view, "content_type", output.contentType());
        return view.put("body", output.body()).put("cut", output.cut());
    }

    static ObjectNode attempt(RunStore.AttemptRow attempt) {
        var view =
                Json.object()
                        .put("attempt", attempt.attempt())
                        .put("state", attempt.state().name());
        putText(view, "reason", attempt.reason());
        TaskView.putInstant(view, "started_at", attempt.startedAt());
        TaskView.putInstant(view, "finished_at", attempt.finishedAt());
        view.put("node", attempt.node().orElse(null));
        if (attempt.output().isEmpty()) {
            view.putNull("output");
        } else {
            view.set("output", output(attempt.output()));
        }
        return view;
    }

    /// A row of the slot ledger.
    static ObjectNode slot(Run run) {
        var view = Json.object();
        TaskView.putInstant(view, "fire_time", run.occasion().fireTime());
        view.put("state", run.state().name());
        putText(view, "reason", run.progress().reason());
        view.put("run_id", run.id().value()).put("count", run.count());
        if (run.count() > 1) {
            TaskView.putInstant(view, "last_fire_time", run.lastFireTime());
        }
        return view;
    }

    private static void putText(ObjectNode view, String name, String text) {
        view.put(name, Optional.of(text).filter(t -> !t.isEmpty()).orElse(null));
    }
}
