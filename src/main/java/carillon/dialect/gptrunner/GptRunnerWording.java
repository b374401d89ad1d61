package carillon.dialect.gptrunner;

import carillon.json.Json;
import carillon.run.RunState;
import carillon.task.TaskId;
import carillon.webhook.Occurrence;
import carillon.webhook.WebhookEvent;
import carillon.webhook.Wording;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Locale;
import java.util.TreeMap;

/// What subscriptions of this API are told, in its words.
public final class GptRunnerWording implements Wording {
    @Override
    public String body(Occurrence occurrence) {
        var data = Json.object();
        if (occurrence.event() == WebhookEvent.SYSTEM_ALERT) {
            new TreeMap<>(occurrence.facts())
                    .forEach(
                            (name, value) ->
                                    data.set(camel(name), Json.mapper().valueToTree(value)));
            return envelope(occurrence.event().word(), occurrence.at(), data);
        }
        var subject = occurrence.subject();
        putId(occurrence, data);
        subject.task()
                .ifPresent(
                        task ->
                                data.put("name", task.definition().name())
                                        .put("createdAt", Codec.time(task.createdAt())));
        subject.run().ifPresent(ran -> putRun(ran, occurrence.event(), data));
        return envelope(occurrence.event().word(), occurrence.at(), data);
    }

    private static void putId(Occurrence occurrence, ObjectNode data) {
        var subject = occurrence.subject();
        var id = new TaskId(occurrence.task());
        var made =
                switch (occurrence.event()) {
                    case BATCH_CREATED, BATCH_STARTED, BATCH_COMPLETED, BATCH_FAILED ->
                            Codec.batchId(id);
                    case SCHEDULED_TASK_EXECUTED -> Codec.scheduledId(id);
                    case TASK_CREATED, TASK_STARTED, TASK_COMPLETED, TASK_FAILED, SYSTEM_ALERT ->
                            Codec.taskId(id);
                };
        data.put("id", subject.name().map(name -> name.id()).orElse(made));
        subject.name().flatMap(name -> name.batch()).ifPresent(to -> data.put("batchId", to));
    }

    private static void putRun(Occurrence.Ran ran, WebhookEvent event, ObjectNode data) {
        var run = ran.run();
        var times = run.progress().times();
        data.put("executionId", Codec.executionId(run.id()));
        times.startedAt().ifPresent(at -> data.put("startedAt", Codec.time(at)));
        if (event == WebhookEvent.TASK_STARTED || event == WebhookEvent.BATCH_STARTED) {
            data.put("status", Codec.RUNNING);
            return;
        }
        data.put("status", Codec.status(run.state()));
        times.finishedAt().ifPresent(at -> data.put("completedAt", Codec.time(at)));
        if (run.state() == RunState.SUCCEEDED) {
            var result = data.putObject("result").put("content", ran.output().body());
            TaskView.putUsage(ran.spending(), result);
        } else {
            data.put("error", run.progress().reason());
        }
    }

    /// `task_id` as `taskId`.
    private static String camel(String name) {
        var words = name.split("_", -1);
        var camel = new StringBuilder(words[0]);
        for (int i = 1; i < words.length; i++) {
            var word = words[i];
            camel.append(word.substring(0, Math.min(1, word.length())).toUpperCase(Locale.ROOT))
                    .append(word.substring(Math.min(1, word.length())));
        }
        return camel.toString();
    }

    /// What a test of a subscription sends.
    static String test(String id, Instant at) {
        var data = Json.object().put("webhookId", id).put("message", "A test of this webhook");
        return envelope(WebhookEvent.TEST, at, data);
    }

    private static String envelope(String type, Instant at, ObjectNode data) {
        var body = Json.object().put("type", type).put("timestamp", Codec.time(at));
        body.set("data", data);
        return Json.write(body);
    }
}
