package carillon.api;

import carillon.json.Json;
import carillon.webhook.Occurrence;
import carillon.webhook.WebhookEvent;
import carillon.webhook.Wording;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.TreeMap;

/// What subscriptions of this API are told: what the event log says, the task's name, and what a
/// run has brought.
public final class WebhookWording implements Wording {
    /// The origin of subscriptions that this API made.
    public static final String ORIGIN = "native";

    private static final int MAX_OUTPUT = 10_000;

    @Override
    public String body(Occurrence occurrence) {
        var data = Json.object();
        new TreeMap<>(occurrence.facts())
                .forEach((name, value) -> data.set(name, Json.mapper().valueToTree(value)));
        var subject = occurrence.subject();
        subject.task().ifPresent(task -> data.put("task", task.definition().name()));
        subject.name().ifPresent(name -> data.put("client_id", name.id()));
        subject.run().ifPresent(ran -> putRun(ran, occurrence.event(), data));
        return envelope(occurrence.event().word(), occurrence.at(), data);
    }

    private static void putRun(Occurrence.Ran ran, WebhookEvent event, ObjectNode data) {
        var times = ran.run().progress().times();
        TaskView.putInstant(data, "started_at", times.startedAt());
        if (event == WebhookEvent.TASK_STARTED) {
            return;
        }
        TaskView.putInstant(data, "finished_at", times.finishedAt());
        var output = ran.output().body();
        int end = Math.min(output.length(), MAX_OUTPUT);
        data.put("output", output.substring(0, end))
                .put("truncated", ran.output().cut() || end < output.length());
        SpendingView.put(data, ran.spending());
    }

    /// What a test of a subscription sends.
    public static String test(long id, Instant at) {
        var data = Json.object().put("webhook_id", id).put("message", "a test of this webhook");
        return envelope(WebhookEvent.TEST, at, data);
    }

    private static String envelope(String type, Instant at, ObjectNode data) {
        var body = Json.object().put("type", type).put("timestamp", at.toString());
        body.set("data", data);
        return Json.write(body);
    }
}
