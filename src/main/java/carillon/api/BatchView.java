package carillon.api;

import carillon.batch.Batches;
import carillon.batch.Standing;
import carillon.batch.Totals;
import carillon.budget.Money;
import carillon.json.Json;
import carillon.json.TaskJson;
import carillon.run.Run;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/// A batch in JSON: what it answers, and how far its newest run is.
final class BatchView {
    private BatchView() {}

    static ObjectNode of(Batches.Shown shown) {
        var task = shown.task();
        var view = Json.object().put("id", task.id().value()).put("name", task.definition().name());
        view.setAll((ObjectNode) TaskJson.shown(task.definition()).path("action").path("batch"));
        view.put("status", shown.status());
        view.put("run_id", shown.run().map(run -> run.id().value()).orElse(null));
        view.set("progress", progress(shown.standing()));
        TaskView.putInstant(view, "next_fire_at", task.nextRun());
        var times = shown.run().map(run -> run.progress().times());
        view.put("created_at", task.createdAt().toString());
        TaskView.putInstant(view, "started_at", times.flatMap(one -> one.startedAt()));
        TaskView.putInstant(view, "finished_at", times.flatMap(one -> one.finishedAt()));
        return view.put("reason", shown.run().map(run -> reason(run)).orElse(null));
    }

    private static String reason(Run run) {
        return run.progress().reason();
    }

    private static ObjectNode progress(Optional<Standing> standing) {
        var view = Json.object();
        var known = standing.filter(one -> one.rows() > 0);
        view.put("total", known.map(Standing::rows).orElse(null));
        var totals = standing.map(Standing::totals).orElse(Totals.NONE);
        view.put("done", totals.rows())
                .put("succeeded", totals.succeeded())
                .put("failed", totals.failed())
                .put("input_tokens", totals.inputTokens())
                .put("output_tokens", totals.outputTokens())
                .put("cost", Money.dollars(totals.costNanodollars()))
                .put("rows_per_second", known.map(Standing::rate).orElse(null));
        TaskView.putInstant(view, "estimated_end", known.flatMap(Standing::end));
        TaskView.putInstant(view, "at", standing.map(Standing::at));
        return view;
    }
}
