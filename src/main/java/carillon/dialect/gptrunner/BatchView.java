package carillon.dialect.gptrunner;

import carillon.action.BatchFile;
import carillon.batch.Batches;
import carillon.batch.Standing;
import carillon.batch.Totals;
import carillon.json.Json;
import carillon.oneshot.OneShot;
import carillon.run.Output;
import carillon.run.RunId;
import carillon.run.RunState;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.function.Function;

/// A batch as this API shows it.
final class BatchView {
    private BatchView() {}

    /// One that consists of tasks: `all` of them, of which some are shown.
    static ObjectNode ofTasks(
            String id,
            Batches.Shown shown,
            long all,
            List<OneShot> tasks,
            Function<RunId, Output> outputs) {
        var view = head(id, shown, all);
        var list = view.putArray("tasks");
        for (var task : tasks) {
            var one =
                    list.addObject()
                            .put("id", TaskView.id(task))
                            .put("status", Codec.status(task.run()));
            task.run()
                    .ifPresent(
                            run -> {
                                if (run.state() == RunState.SUCCEEDED) {
                                    one.put("result", outputs.apply(run.id()).body());
                                } else if (Codec.status(run.state()).equals("failed")) {
                                    one.put("error", run.progress().reason());
                                }
                            });
        }
        return end(view, shown);
    }

    /// One that answers a file.
    static ObjectNode ofFile(String id, Batches.Shown shown) {
        var view = head(id, shown, shown.standing().map(Standing::rows).orElse(0L));
        if (shown.task().definition().action() instanceof BatchFile file) {
            view.put("inputFile", file.input()).put("outputFile", file.output());
            view.put("isDryRun", file.asking().dryRun());
        }
        view.putArray("tasks");
        return end(view, shown);
    }

    private static ObjectNode head(String id, Batches.Shown shown, long all) {
        var definition = shown.task().definition();
        var view = Json.object().put("id", id).put("name", definition.name());
        if (!definition.description().isEmpty()) {
            view.put("description", definition.description());
        }
        var totals = shown.standing().map(Standing::totals).orElse(Totals.NONE);
        view.put("status", Codec.status(shown.run())).put("taskCount", all);
        view.putObject("progress")
                .put("total", all)
                .put("completed", totals.succeeded())
                .put("failed", totals.failed())
                .put("pending", Math.max(0, all - totals.rows()));
        return view;
    }

    private static ObjectNode end(ObjectNode view, Batches.Shown shown) {
        view.put("createdAt", Codec.time(shown.task().createdAt()));
        var times = shown.run().map(run -> run.progress().times());
        times.flatMap(one -> one.startedAt())
                .ifPresent(at -> view.put("startedAt", Codec.time(at)));
        times.flatMap(one -> one.finishedAt())
                .ifPresent(at -> view.put("completedAt", Codec.time(at)));
        shown.run()
                .filter(run -> Codec.status(run.state()).equals("failed"))
                .ifPresent(run -> view.put("error", run.progress().reason()));
        return view;
    }
}
