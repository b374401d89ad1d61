package carillon.dialect.gptrunner;

import carillon.action.BatchFile;
import carillon.ai.ModelSource;
import carillon.dialect.Bounds;
import carillon.dialect.WrittenCron;
import carillon.dialect.ZonedCron;
import carillon.json.Json;
import carillon.json.Problems;
import carillon.json.ReadContext;
import carillon.json.TaskJson;
import carillon.schedule.DstPolicy;
import carillon.schedule.ScheduleException;
import carillon.schedule.Schedules;
import carillon.task.TaskDefinition;
import carillon.task.TaskId;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/// A scheduled task as it is sent: the whole to create it, or the fields to be changed. Its prompt
/// and `config` are read as those of a [TaskRequest].
final class ScheduledRequest {
    private static final List<String> CONFIG = List.of("model", "temperature", "maxTokens");
    private static final List<String> QUESTION =
            List.of("prompt", "messages", "metadata", "isDryRun");

    private final ObjectNode sent;
    private final ObjectNode config;
    private final TaskRequest prompt;
    private final FilePlaces files;
    private final ZoneId zone;

    private ScheduledRequest(
            ObjectNode sent, ObjectNode config, TaskRequest prompt, FilePlaces files, ZoneId zone) {
        this.files = files;
        this.sent = sent;
        this.config = config;
        this.prompt = prompt;
        this.zone = zone;
    }

    /// `zone` is meant where a new task names none. Throws [RefusedException].
    static ScheduledRequest of(JsonNode body, FilePlaces files, ModelSource models, ZoneId zone) {
        var sent = TaskRequest.object(body);
        var config = sent.hasNonNull("config") ? sent.get("config") : Json.object();
        if (!(config instanceof ObjectNode settings)) {
            throw Envelope.invalid("config", "must be an object");
        }
        var flat = Json.object();
        QUESTION.forEach(name -> copy(sent, flat, name));
        CONFIG.forEach(name -> copy(settings, flat, name));
        return new ScheduledRequest(sent, settings, TaskRequest.of(flat, models), files, zone);
    }

    private static void copy(ObjectNode from, ObjectNode to, String name) {
        if (from.has(name)) {
            to.set(name, from.get(name));
        }
    }

    /// Absent when nothing was sent.
    Optional<Boolean> isActive() {
        if (!sent.hasNonNull("isActive")) {
            return Optional.empty();
        }
        if (!sent.get("isActive").isBoolean()) {
            throw Envelope.invalid("isActive", "must be true or false");
        }
        return Optional.of(sent.get("isActive").booleanValue());
    }

    /// Of a new task. Throws [RefusedException].
    TaskDefinition definition(TaskId id, Instant now) {
        for (var name : List.of("name", "schedule")) {
            if (!sent.hasNonNull(name)) {
                throw Envelope.invalid(name, "is required");
            }
        }
        var whole = Json.object();
        whole.putObject("retry").put("attempts", 1).put("initial", "1s").put("max", "30s");
        put(whole, Optional.empty());
        return definition(whole, ReadContext.sent(id, now, zone), true, FilePlaces.areIn(sent));
    }

    /// The definition that is there, with what was sent in place. Throws [RefusedException].
    TaskDefinition definition(TaskId id, Instant now, TaskDefinition previous) {
        var whole = TaskJson.shown(previous);
        put(whole, WrittenCron.of(previous));
        var context = ReadContext.sent(id, now, zone).replacing(previous);
        boolean hasFiles =
                FilePlaces.areIn(sent)
                        || (previous.action() instanceof BatchFile && !sent.hasNonNull("prompt"));
        return definition(whole, context, false, hasFiles);
    }

    private TaskDefinition definition(
            ObjectNode whole, ReadContext context, boolean isNew, boolean hasFiles) {
        var action = whole.withObject("/action");
        action.retain(hasFiles ? "batch" : "prompt");
        if (!hasFiles) {
            return prompt.definition(whole, context, isNew);
        }
        if (isNew) {
            whole.put("timeout", "24h");
        }
        files.put(action, sent, config);
        var problems = new Problems();
        var definition = TaskJson.read(whole, context, problems);
        FilePlaces.refuse(problems);
        return definition.orElseThrow();
    }

    private void put(ObjectNode whole, Optional<ZonedCron> previous) {
        copy(sent, whole, "name");
        if (config.hasNonNull("maxRetries")) {
            var retries = config.get("maxRetries");
            if (!retries.isInt() || retries.intValue() < 0 || retries.intValue() > 100) {
                throw Envelope.invalid("config.maxRetries", "must be a whole number from 0 to 100");
            }
            whole.withObject("/retry").put("attempts", retries.intValue() + 1);
        }
        var schedule = schedule(previous);
        if (!previous.equals(Optional.of(schedule))) {
            whole.set("schedule", Bounds.keep(whole.path("schedule"), schedule.toNative()));
        }
    }

    private ZonedCron schedule(Optional<ZonedCron> previous) {
        var zoneText = text("timezone");
        var at = zoneText.map(ScheduledRequest::zone).or(() -> previous.map(ZonedCron::zone));
        var cron = text("schedule").or(() -> previous.map(ZonedCron::text)).orElse("");
        try {
            Schedules.cron(cron, ZoneOffset.UTC, DstPolicy.DEFAULT, 0, Instant.EPOCH);
        } catch (ScheduleException e) {
            throw Code.INVALID_CRON_EXPRESSION.at("schedule", e.getMessage());
        }
        return new ZonedCron(cron, at.orElse(zone));
    }

    private Optional<String> text(String name) {
        if (!sent.hasNonNull(name)) {
            return Optional.empty();
        }
        if (!sent.get(name).isTextual()) {
            throw Envelope.invalid(name, "must be a string");
        }
        return Optional.of(sent.get(name).textValue());
    }

    private static ZoneId zone(String text) {
        try {
            return ZoneId.of(text);
        } catch (DateTimeException e) {
            throw Envelope.invalid("timezone", "unknown time zone '" + text + "'");
        }
    }
}
