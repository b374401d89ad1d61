package carillon.dialect.gptrunner;

import carillon.json.Json;
import carillon.json.JsonException;
import carillon.run.Run;
import carillon.run.RunId;
import carillon.run.RunState;
import carillon.task.TaskId;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// This API's words for ids, states, times and metadata.
final class Codec {
    static final Pattern CLIENT_ID = Pattern.compile("[A-Za-z0-9_-]{1,100}");
    static final String CLIENT_ID_RULE = "must have 1 to 100 letters, digits, '_' and '-'";
    static final String PENDING = "pending";
    static final String RUNNING = "running";
    static final List<String> STATUSES = List.of(PENDING, RUNNING, "completed", "failed");

    private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,15}");
    private static final String TASK = "task-";
    private static final String BATCH = "batch-";
    private static final String SCHEDULED = "sched-";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private Codec() {}

    /// The id of a task to which no client of this API has given one.
    static String taskId(TaskId id) {
        return TASK + id;
    }

    static Optional<TaskId> taskId(String text) {
        return number(TASK, text).map(TaskId::new);
    }

    /// The id of a batch to which no client of this API has given one.
    static String batchId(TaskId id) {
        return BATCH + id;
    }

    static Optional<TaskId> batchId(String text) {
        return number(BATCH, text).map(TaskId::new);
    }

    static String scheduledId(TaskId id) {
        return SCHEDULED + id;
    }

    static Optional<TaskId> scheduledId(String text) {
        return number(SCHEDULED, text).map(TaskId::new);
    }

    static String executionId(RunId id) {
        return "exec-" + id;
    }

    private static Optional<Long> number(String prefix, String text) {
        return text.startsWith(prefix) && NUMBER.matcher(text.substring(prefix.length())).matches()
                ? Optional.of(Long.parseLong(text.substring(prefix.length())))
                : Optional.empty();
    }

    static String time(Instant instant) {
        return TIME.format(instant);
    }

    /// A task that has no run yet is pending.
    static String status(Optional<Run> run) {
        return run.map(Run::state).map(Codec::status).orElse(PENDING);
    }

    static String status(RunState state) {
        return switch (state) {
            case QUEUED -> PENDING;
            case RUNNING -> RUNNING;
            case SUCCEEDED -> "completed";
            case FAILED, CANCELLED, SKIPPED, MISSED -> "failed";
        };
    }

    static Set<RunState> states(String status) {
        var states = EnumSet.allOf(RunState.class);
        states.removeIf(state -> !status(state).equals(status));
        return states;
    }

    /// A value of `metadata` as the value of a tag: a text as it stands, unless it could be taken
    /// for JSON; anything else as JSON.
    static String tag(JsonNode value) {
        return value.isTextual() && json(value.textValue()).isEmpty()
                ? value.textValue()
                : Json.write(value);
    }

    static JsonNode metadata(String tag) {
        return json(tag).orElseGet(() -> TextNode.valueOf(tag));
    }

    private static Optional<JsonNode> json(String text) {
        try {
            return Optional.of(Json.read(text));
        } catch (JsonException e) {
            return Optional.empty(); // It is a text.
        }
    }
}
