package carillon.dialect.chronos;

import static java.util.Objects.requireNonNull;

import carillon.action.HttpCall;
import carillon.dialect.Bounds;
import carillon.dialect.ZonedCron;
import carillon.json.Json;
import carillon.json.Problem;
import carillon.json.Problems;
import carillon.json.ReadContext;
import carillon.json.Secrets;
import carillon.json.TaskJson;
import carillon.schedule.DstPolicy;
import carillon.schedule.DurationText;
import carillon.schedule.ScheduleException;
import carillon.schedule.Schedules;
import carillon.task.ConcurrencyPolicy;
import carillon.task.Policies;
import carillon.task.TaskDefinition;
import carillon.task.TaskId;
import carillon.web.Refusal;
import carillon.web.Refusal.FieldFault;
import carillon.web.Refusal.Kind;
import carillon.web.RefusedException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A job as it is sent to create or update it. What it says is written over the native JSON of the
/// definition that it replaces, so that whatever Chronos has no field for stays as it was; the
/// native reader then checks it all and gives back secrets for `"***"`.
record JobRequest(ObjectNode body, String name, ZonedCron schedule, Duration timeout) {
    private static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(5);
    private static final int DEFAULT_ATTEMPTS = 3;
    private static final Map<String, List<String>> AUTH_FIELDS =
            Map.of(
                    "basic", List.of("username", "password"),
                    "bearer", List.of("token"),
                    "api_key", List.of("api_key", "header"));

    JobRequest {
        requireNonNull(body, "body");
        requireNonNull(name, "name");
        requireNonNull(schedule, "schedule");
        requireNonNull(timeout, "timeout");
    }

    /// Checks what Chronos checks, in its order and words. Throws [RefusedException] for the first
    /// fault.
    static JobRequest of(JsonNode sent) {
        if (!(sent instanceof ObjectNode body)) {
            throw new RefusedException(Refusal.of(Kind.MALFORMED_JSON, "Invalid JSON body"));
        }
        var name = required(body, "name", "job name is required");
        var cron = required(body, "schedule", "schedule is required");
        checkCron(cron);
        if (!has(body, "webhook")) {
            throw invalid("webhook", "webhook configuration is required");
        }
        if (!(body.get("webhook") instanceof ObjectNode webhook)) {
            throw invalid("webhook", "webhook must be an object");
        }
        required(webhook, "url", "webhook URL is required");
        var schedule = new ZonedCron(cron, zone(body));
        return new JobRequest(body, name, schedule, timeout(body));
    }

    private static String required(ObjectNode from, String field, String message) {
        if (!has(from, field)) {
            throw invalid(field, message);
        }
        var text = text(from, field).orElse("");
        if (text.isBlank()) {
            throw invalid(field, message);
        }
        return text;
    }

    private static boolean has(ObjectNode from, String field) {
        return from.hasNonNull(field);
    }

    private static Optional<String> text(ObjectNode from, String field) {
        if (!has(from, field)) {
            return Optional.empty();
        }
        if (!from.get(field).isTextual()) {
            throw invalid(field, field + " must be a string");
        }
        return Optional.of(from.get(field).textValue());
    }

    /// A text that stands for "not given" when it is empty.
    private static Optional<String> word(ObjectNode from, String field) {
        return text(from, field).filter(text -> !text.isBlank());
    }

    private static void checkCron(String cron) {
        try {
            Schedules.cron(cron, ZoneOffset.UTC, DstPolicy.DEFAULT, 0, Instant.EPOCH);
        } catch (ScheduleException e) {
            throw invalidCron(e.getMessage());
        }
    }

    static RefusedException invalidCron(String why) {
        return new RefusedException(
                new Refusal(
                        Kind.INVALID,
                        "invalid cron expression",
                        List.of(new FieldFault("schedule", why)),
                        Map.of()));
    }

    private static ZoneId zone(ObjectNode body) {
        try {
            return ZoneId.of(word(body, "timezone").orElse("UTC"));
        } catch (DateTimeException e) {
            throw invalid("timezone", "invalid timezone");
        }
    }

    private static Duration timeout(ObjectNode body) {
        if (!has(body, "timeout")) {
            return DEFAULT_TIMEOUT;
        }
        var sent = body.get("timeout");
        if (sent.isTextual() && sent.textValue().isBlank()) {
            return DEFAULT_TIMEOUT;
        }
        try {
            var timeout = DurationText.parseGo(sent.isTextual() ? sent.textValue() : "");
            if (timeout.isPositive() && timeout.compareTo(Policies.MAX_TIMEOUT) <= 0) {
                return timeout;
            }
        } catch (ScheduleException e) {
            throw invalid("timeout", "invalid timeout: a duration such as 30s or 5m is expected");
        }
        throw invalid("timeout", "invalid timeout: it must be above 0 and at most 24h");
    }

    private static RefusedException invalid(String field, String message) {
        return new RefusedException(Refusal.invalid(field, message));
    }

    /// Absent means false.
    boolean enabled() {
        if (!has(body, "enabled")) {
            return false;
        }
        if (!body.get("enabled").isBoolean()) {
            throw invalid("enabled", "enabled must be true or false");
        }
        return body.get("enabled").booleanValue();
    }

    /// The definition that is meant. Throws [RefusedException] when something is wrong with it.
    TaskDefinition definition(TaskId id, Instant now, Optional<TaskDefinition> previous) {
        var whole = previous.map(TaskJson::shown).orElseGet(Json::object);
        whole.put("name", name).put("description", text(body, "description").orElse(""));
        if (!previous.flatMap(CronForm::of).equals(Optional.of(schedule))) {
            whole.set("schedule", Bounds.keep(whole.path("schedule"), schedule.toNative()));
        }
        var http = nativeCall((ObjectNode) body.get("webhook"));
        previous.map(TaskDefinition::action)
                .filter(HttpCall.class::isInstance)
                .map(HttpCall.class::cast)
                .flatMap(HttpCall::secret)
                .ifPresent(_ -> http.put("secret", Secrets.MASK));
        whole.putObject("action").set("http", http);
        whole.set("retry", nativeRetry(whole.path("retry").path("retry_on")));
        whole.put("timeout", DurationText.write(timeout)).put("concurrency", concurrency(previous));
        whole.set("tags", tags());
        var context = ReadContext.sent(id, now, ZoneId.of("UTC"));
        var problems = new Problems();
        return TaskJson.read(whole, previous.map(context::replacing).orElse(context), problems)
                .orElseThrow(() -> refused(problems.list()));
    }

    private static ObjectNode nativeCall(ObjectNode webhook) {
        var http = Json.object();
        http.set("url", webhook.get("url"));
        http.put("method", word(webhook, "method").orElse("GET"));
        copy(webhook, "headers", http, "headers");
        text(webhook, "body")
                .filter(body -> !body.isEmpty())
                .ifPresent(body -> http.put("body", body));
        if (has(webhook, "auth")) {
            http.set("auth", nativeAuth(webhook.get("auth")));
        }
        copy(webhook, "success_codes", http, "success_codes");
        return http;
    }

    /// Only the fields that belong to the type: clients send the others empty.
    private static JsonNode nativeAuth(JsonNode sent) {
        if (!(sent instanceof ObjectNode auth)) {
            return sent;
        }
        var out = Json.object();
        copy(auth, "type", out, "type");
        for (var field : AUTH_FIELDS.getOrDefault(auth.path("type").asText(), List.of())) {
            if (!auth.path(field).asText().isEmpty() || !auth.path(field).isTextual()) {
                copy(auth, field, out, field);
            }
        }
        return out;
    }

    private ObjectNode nativeRetry(JsonNode oldRetryOn) {
        var retry = Json.object();
        if (oldRetryOn.isArray()) {
            retry.set("retry_on", oldRetryOn);
        }
        if (!has(body, "retry_policy")) {
            return retry.put("attempts", 1);
        }
        if (!(body.get("retry_policy") instanceof ObjectNode sent)) {
            throw invalid("retry_policy", "retry_policy must be an object");
        }
        retry.put("attempts", DEFAULT_ATTEMPTS);
        copy(sent, "max_attempts", retry, "attempts");
        interval(sent, "initial_interval").ifPresent(text -> retry.put("initial", text));
        interval(sent, "max_interval").ifPresent(text -> retry.put("max", text));
        copy(sent, "multiplier", retry, "multiplier");
        return retry;
    }

    private static Optional<String> interval(ObjectNode sent, String field) {
        if (!has(sent, field)) {
            return Optional.empty();
        }
        var path = "retry_policy." + field;
        try {
            var text = sent.get(field).isTextual() ? sent.get(field).textValue() : "";
            var interval = DurationText.parseGo(text);
            if (!interval.isNegative()) {
                return Optional.of(DurationText.write(interval));
            }
        } catch (ScheduleException e) {
            throw invalid(path, path + " must be a duration such as 1s or 1m30s");
        }
        throw invalid(path, path + " must not be negative");
    }

    /// `queue` is no word of Chronos's, but what it shows for a task that has it, and so may be
    /// sent back for that one.
    private String concurrency(Optional<TaskDefinition> previous) {
        var sent = word(body, "concurrency").orElse("forbid");
        boolean queues =
                previous.map(definition -> definition.policies().concurrency())
                        .filter(ConcurrencyPolicy.QUEUE::equals)
                        .isPresent();
        if (List.of("allow", "forbid", "replace").contains(sent)
                || (queues && sent.equals("queue"))) {
            return sent;
        }
        throw invalid("concurrency", "concurrency must be allow, forbid or replace");
    }

    private JsonNode tags() {
        if (!has(body, "tags")) {
            return Json.object();
        }
        if (!body.get("tags").isObject()) {
            throw invalid("tags", "tags must be an object");
        }
        return body.get("tags");
    }

    private static void copy(ObjectNode from, String field, ObjectNode to, String as) {
        if (has(from, field)) {
            to.set(as, from.get(field));
        }
    }

    private static RefusedException refused(List<Problem> problems) {
        var faults =
                problems.stream()
                        .map(problem -> new FieldFault(path(problem.field()), problem.message()))
                        .toList();
        var first = faults.getFirst();
        var message = first.field() + " " + first.message();
        return new RefusedException(new Refusal(Kind.INVALID, message, faults, Map.of()));
    }

    /// The Chronos name of a field of a native definition.
    private static String path(String field) {
        return field.replaceFirst("^action\\.http\\b", "webhook")
                .replaceFirst("^schedule\\.cron$", "schedule")
                .replaceFirst("^schedule\\.timezone$", "timezone")
                .replaceFirst("^retry\\.attempts$", "retry_policy.max_attempts")
                .replaceFirst("^retry\\.initial$", "retry_policy.initial_interval")
                .replaceFirst("^retry\\.max$", "retry_policy.max_interval")
                .replaceFirst("^retry\\b", "retry_policy");
    }
}
