package carillon.dialect.a1base;

import static java.util.Objects.requireNonNull;

import carillon.action.HttpCall;
import carillon.json.Json;
import carillon.json.Problem;
import carillon.json.Problems;
import carillon.json.ReadContext;
import carillon.json.TaskJson;
import carillon.task.TaskDefinition;
import carillon.task.TaskId;
import carillon.web.Refusal;
import carillon.web.Refusal.Kind;
import carillon.web.RefusedException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// A cron job as it is sent: the whole to create it, or the fields to be changed. What it says is
/// written over the native JSON of the definition that it changes, so that all else stays as it
/// was; the native reader then checks the target and gives back secrets for `"***"`.
record CronJobRequest(ObjectNode sent) {
    private static final Set<String> WITHOUT_BODY = Set.of("GET", "DELETE");
    private static final String PLACEHOLDER = "-";

    CronJobRequest {
        requireNonNull(sent, "sent");
    }

    static CronJobRequest of(JsonNode body) {
        if (body instanceof ObjectNode object) {
            return new CronJobRequest(object);
        }
        throw new RefusedException(Refusal.of(Kind.MALFORMED_JSON, "The body must be an object"));
    }

    /// The definition that is meant: a new one, or `previous` with what was sent in place. Throws
    /// [RefusedException] that names every bad field.
    TaskDefinition definition(TaskId id, Instant now, Optional<TaskDefinition> previous) {
        var faults = new Faults();
        var whole = previous.map(TaskJson::shown).orElseGet(Json::object);
        var http = whole.withObject("/action/http");
        boolean isNew = previous.isEmpty();
        putTarget(http, isNew, faults);
        putBody(http, isNew, faults);
        var timing = new TimingRequest(sent, previous.flatMap(Timing::of), faults);
        timing.putInto(whole);
        if (isNew) {
            whole.put("name", PLACEHOLDER);
        }
        var context = ReadContext.sent(id, now, ZoneId.of("UTC"));
        var problems = new Problems();
        var read = TaskJson.read(whole, previous.map(context::replacing).orElse(context), problems);
        problems.list().forEach(problem -> add(problem, faults));
        faults.refuse();
        return named(read.orElseThrow(), previous);
    }

    /// Absent from the request: a change leaves it as it is.
    private boolean isGiven(String field, boolean isNew) {
        return isNew || sent.has(field);
    }

    private void putTarget(ObjectNode http, boolean isNew, Faults faults) {
        if (isGiven("endpoint_url", isNew)) {
            http.set("url", sent.get("endpoint_url"));
        }
        if (isGiven("method", isNew)) {
            var method = sent.path("method").asText();
            if (!sent.hasNonNull("method")) {
                faults.add("method", Faults.REQUIRED);
            } else if (!sent.get("method").isTextual() || !Timing.METHODS.contains(method)) {
                faults.add("method", "Must be one of: " + String.join(", ", Timing.METHODS));
            } else {
                http.put("method", method);
            }
        }
        if (isGiven("headers", isNew)) {
            http.set("headers", sent.get("headers"));
        }
    }

    private void putBody(ObjectNode http, boolean isNew, Faults faults) {
        if (sent.hasNonNull("body") && !sent.get("body").isObject()) {
            faults.add("body", "Must be an object");
            return;
        }
        if (isGiven("body", isNew)) {
            http.set("body", sent.get("body"));
        }
        boolean isTouched = isGiven("body", isNew) || sent.has("method");
        if (isTouched
                && http.hasNonNull("body")
                && WITHOUT_BODY.contains(http.path("method").asText())) {
            faults.add("body", "Only POST and PUT requests have a body");
        }
    }

    /// A1Base has no names: a job gets one from its target, and keeps one that it got elsewhere.
    private static TaskDefinition named(TaskDefinition read, Optional<TaskDefinition> previous) {
        boolean hasOwnName =
                previous.isPresent() && !previous.get().name().equals(derivedName(previous.get()));
        return new TaskDefinition(
                hasOwnName ? read.name() : derivedName(read),
                read.description(),
                read.timetable(),
                read.action(),
                read.policies(),
                read.tags(),
                read.budget(),
                read.processing());
    }

    private static String derivedName(TaskDefinition definition) {
        if (!(definition.action() instanceof HttpCall call)) {
            throw new IllegalStateException("no HTTP call in " + definition.name());
        }
        URI url = call.url();
        var name =
                call.method() + " " + url.getHost() + Optional.ofNullable(url.getPath()).orElse("");
        return name.length() > TaskDefinition.MAX_NAME_LENGTH
                ? name.substring(0, TaskDefinition.MAX_NAME_LENGTH)
                : name;
    }

    /// Tells a problem of the native definition in A1Base's names, unless the field has its fault.
    private static void add(Problem problem, Faults faults) {
        var path = problem.field();
        var message = capitalized(problem.message());
        if (path.equals("action.http.url")) {
            faults.addUnlessTold("endpoint_url", message);
        } else if (path.startsWith("action.http.headers.")) {
            var header = path.substring("action.http.headers.".length());
            faults.add("headers", header + ": " + problem.message());
        } else if (path.startsWith("action.http.auth") || path.equals("action.http.secret")) {
            faults.addUnlessTold(
                    "endpoint_url", "Must stay on its host: the job has credentials for it");
        } else if (path.startsWith("schedule.cron")) {
            faults.addUnlessTold("custom_schedule", message);
        } else {
            faults.addUnlessTold(path.substring(path.lastIndexOf('.') + 1), message);
        }
    }

    private static String capitalized(String message) {
        return message.substring(0, 1).toUpperCase(Locale.ROOT) + message.substring(1);
    }
}
