package carillon.webhook;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// What a subscription can be told of.
public enum WebhookEvent {
    TASK_CREATED("task.created"),
    /// The first attempt of a run has begun; once a run.
    TASK_STARTED("task.started"),
    /// A run has succeeded.
    TASK_COMPLETED("task.completed"),
    /// A run has failed or was cancelled, or one that somebody asked for did not take place.
    TASK_FAILED("task.failed"),
    BATCH_CREATED("batch.created"),
    BATCH_STARTED("batch.started"),
    BATCH_COMPLETED("batch.completed"),
    BATCH_FAILED("batch.failed"),
    /// A run of a schedule has succeeded or failed.
    SCHEDULED_TASK_EXECUTED("scheduled_task.executed"),
    /// Something that a person should look at.
    SYSTEM_ALERT("system.alert");

    /// The type of the deliveries that only try a subscription out; nobody subscribes to it.
    public static final String TEST = "webhook.test";

    private static final String OTHER_NAME_OF_BATCH_COMPLETED = "batch.finished";

    private final String word;

    WebhookEvent(String word) {
        this.word = word;
    }

    /// Its name, as in the `type` of what is delivered.
    public String word() {
        return word;
    }

    public static Optional<WebhookEvent> of(String word) {
        if (word.equals(OTHER_NAME_OF_BATCH_COMPLETED)) {
            return Optional.of(BATCH_COMPLETED);
        }
        return Arrays.stream(values()).filter(event -> event.word.equals(word)).findFirst();
    }

    public static List<String> words() {
        return Arrays.stream(values()).map(WebhookEvent::word).toList();
    }
}
