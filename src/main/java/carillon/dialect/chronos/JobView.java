package carillon.dialect.chronos;

import carillon.action.HttpCall;
import carillon.json.Json;
import carillon.json.TaskJson;
import carillon.schedule.DurationText;
import carillon.task.Task;
import carillon.task.TaskDefinition;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;

/// A job as Chronos shows it, with its secrets masked.
final class JobView {
    private JobView() {}

    static ObjectNode of(Task task) {
        var out = Json.object().put("id", Codec.jobId(task.id()));
        out.setAll(config(task.definition()));
        out.put("enabled", !task.paused())
                .put("version", task.version())
                .put("created_at", task.createdAt().toString())
                .put("updated_at", task.updatedAt().toString());
        task.nextRun()
                .ifPresentOrElse(
                        next -> out.put("next_run", next.toString()),
                        () -> out.putNull("next_run"));
        return out;
    }

    /// What of a job is versioned, as in the body that creates it.
    static ObjectNode config(TaskDefinition definition) {
        var schedule = CronForm.of(definition).orElseThrow();
        var out =
                Json.object()
                        .put("name", definition.name())
                        .put("description", definition.description())
                        .put("schedule", schedule.text())
                        .put("timezone", schedule.zone().getId());
        out.set("webhook", webhook(definition));
        var policies = definition.policies();
        var retry = policies.retry();
        out.putObject("retry_policy")
                .put("max_attempts", retry.attempts())
                .put("initial_interval", DurationText.toGo(retry.initial()))
                .put("max_interval", DurationText.toGo(retry.max()))
                .put("multiplier", retry.multiplier());
        out.put("timeout", DurationText.toGo(policies.timeout()))
                .put("concurrency", policies.concurrency().name().toLowerCase(Locale.ROOT));
        var tags = out.putObject("tags");
        definition.tags().forEach(tags::put);
        return out;
    }

    /// The native form has the same fields but for the signing secret; what is unset is left out.
    private static ObjectNode webhook(TaskDefinition definition) {
        if (!(definition.action() instanceof HttpCall call)) {
            throw new IllegalStateException("no webhook in " + definition.name());
        }
        var shown = (ObjectNode) TaskJson.shown(definition).at("/action/http");
        var out = Json.object();
        for (var field : List.of("url", "method", "headers", "body", "auth", "success_codes")) {
            var value = shown.path(field);
            if (!value.isNull() && !(value.isContainerNode() && value.isEmpty())) {
                out.set(field, value);
            }
        }
        call.body().ifPresent(text -> out.put("body", text));
        return out;
    }
}
