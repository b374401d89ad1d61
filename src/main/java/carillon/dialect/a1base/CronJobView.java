package carillon.dialect.a1base;

import carillon.action.HttpCall;
import carillon.json.Json;
import carillon.json.JsonException;
import carillon.json.TaskJson;
import carillon.run.Output;
import carillon.run.Run;
import carillon.task.Task;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Optional;

/// A cron job as A1Base shows it, with its secrets masked.
final class CronJobView {
    private CronJobView() {}

    /// As an item of a list: without headers and body.
    static ObjectNode item(Task task) {
        return of(task, false);
    }

    /// With everything but the last execution.
    static ObjectNode whole(Task task) {
        return of(task, true);
    }

    /// With everything; `last` is the newest run that has ended, with its output.
    static ObjectNode whole(Task task, Run last, Output output) {
        var out = whole(task);
        out.set("last_execution", ExecutionView.brief(last, output, timing(task)));
        return out;
    }

    private static ObjectNode of(Task task, boolean withRequest) {
        if (!(task.definition().action() instanceof HttpCall call)) {
            throw new IllegalStateException("no HTTP call in task " + task.id());
        }
        var out =
                Json.object()
                        .put("id", Codec.jobId(task.id()))
                        .put("endpoint_url", call.url().toString());
        out.setAll(timing(task).fields());
        var shown = (ObjectNode) TaskJson.shown(task.definition()).at("/action/http");
        out.set("endpoint_url", shown.get("url"));
        out.put("method", call.method());
        if (withRequest) {
            out.set("headers", shown.get("headers"));
            call.body().ifPresent(body -> out.set("body", body(body)));
        }
        putState(task, out);
        if (!task.updatedAt().equals(task.createdAt())) {
            out.put("updated_at", Codec.utc(task.updatedAt()));
        }
        return out;
    }

    /// The answer to pausing and resuming.
    static ObjectNode state(Task task) {
        var out = Json.object().put("id", Codec.jobId(task.id()));
        return out.put("status", status(task)).set("next_execution", next(task));
    }

    private static void putState(Task task, ObjectNode out) {
        out.put("status", status(task)).put("created_at", Codec.utc(task.createdAt()));
        out.set("next_execution", next(task));
    }

    private static String status(Task task) {
        return task.paused() ? "paused" : "active";
    }

    private static JsonNode next(Task task) {
        Optional<Instant> next = task.nextRun();
        return next.<JsonNode>map(
                        at -> Json.object().textNode(Codec.local(at, timing(task).zone())))
                .orElseGet(() -> Json.object().nullNode());
    }

    private static Timing timing(Task task) {
        return Timing.of(task.definition()).orElseThrow();
    }

    /// JSON where it is JSON, else a string.
    static JsonNode body(String text) {
        try {
            return Json.read(text);
        } catch (JsonException e) {
            return Json.object().textNode(text);
        }
    }
}
