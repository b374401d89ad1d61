package carillon.dialect.gptrunner;

import static java.util.Objects.requireNonNull;

import carillon.ai.Model;
import carillon.ai.ModelSource;
import carillon.json.Json;
import carillon.json.Problem;
import carillon.json.Problems;
import carillon.json.ReadContext;
import carillon.json.TaskJson;
import carillon.task.TaskDefinition;
import carillon.task.TaskId;
import carillon.web.Refusal.FieldFault;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// A task as it is sent: the whole to create it, or the fields to be changed. What it says is
/// written over the native JSON of the definition that it changes, so that all else stays as it
/// was; the native reader then checks it.
final class TaskRequest {
    /// Asked where a request names no model.
    static final String DEFAULT_MODEL = "gpt-3.5-turbo";

    /// Of an answer, unless the model's own default is higher.
    private static final int MAX_TOKENS = 4096;

    private static final int MAX_KEY_LENGTH = 200;
    private static final Pattern KEY = Pattern.compile("\\P{Cntrl}{1,200}");

    /// The beginnings of native paths, and what this API calls them.
    private static final Map<String, String> NAMES = new LinkedHashMap<>();

    static {
        NAMES.put("action.prompt.text", "prompt");
        NAMES.put("action.prompt.messages", "messages");
        NAMES.put("action.prompt.model", "model");
        NAMES.put("action.prompt.temperature", "temperature");
        NAMES.put("action.prompt.max_tokens", "maxTokens");
        NAMES.put("tags", "metadata");
        NAMES.put("retry.attempts", "config.maxRetries");
        NAMES.put("schedule.cron", "schedule");
    }

    private final ObjectNode sent;
    private final ModelSource models;

    private TaskRequest(ObjectNode sent, ModelSource models) {
        this.sent = sent;
        this.models = requireNonNull(models, "models");
    }

    static TaskRequest of(JsonNode body, ModelSource models) {
        return new TaskRequest(object(body), models);
    }

    static ObjectNode object(JsonNode body) {
        if (body instanceof ObjectNode object) {
            return object;
        }
        throw Envelope.invalid("body", "must be an object");
    }

    /// What the client calls the task and its batch, and the key that tells requests apart. Throws
    /// [carillon.web.RefusedException] with all that is wrong with them.
    Names names() {
        var problems = new Problems();
        var id = word("id", Codec.CLIENT_ID, Codec.CLIENT_ID_RULE, problems);
        var batch = word("batchId", Codec.CLIENT_ID, Codec.CLIENT_ID_RULE, problems);
        var rule = "must have 1 to " + MAX_KEY_LENGTH + " characters";
        var key = word("idempotencyKey", KEY, rule, problems);
        Envelope.refuse(problems.list());
        return new Names(id, batch, key);
    }

    record Names(Optional<String> id, Optional<String> batch, Optional<String> key) {}

    private Optional<String> word(String name, Pattern form, String rule, Problems problems) {
        if (!sent.hasNonNull(name)) {
            return Optional.empty();
        }
        var value = sent.get(name);
        if (value.isTextual() && form.matcher(value.textValue()).matches()) {
            return Optional.of(value.textValue());
        }
        problems.add(name, value.isTextual() ? rule : "must be a string");
        return Optional.empty();
    }

    /// The definition of a new task with this name. Throws [carillon.web.RefusedException].
    TaskDefinition definition(TaskId id, String name, Instant now) {
        var whole = Json.object().put("name", name);
        whole.putObject("retry").put("attempts", 3).put("initial", "1s").put("max", "30s");
        return definition(whole, ReadContext.sent(id, now, ZoneOffset.UTC), true);
    }

    /// The definition that is there, with what was sent in place. Throws
    /// [carillon.web.RefusedException].
    TaskDefinition definition(TaskId id, Instant now, TaskDefinition previous) {
        var context = ReadContext.sent(id, now, ZoneOffset.UTC).replacing(previous);
        return definition(TaskJson.shown(previous), context, false);
    }

    /// The definition that `whole` becomes with what was sent in place. Throws
    /// [carillon.web.RefusedException].
    TaskDefinition definition(ObjectNode whole, ReadContext context, boolean isNew) {
        var problems = new Problems();
        var prompt = whole.withObject("/action/prompt");
        putQuestion(prompt, isNew, problems);
        putModel(prompt, isNew, problems);
        put("temperature", prompt, "temperature");
        put("maxTokens", prompt, "max_tokens");
        putMetadata(whole, problems);
        var named = prompt.path("model");
        if (isDryRun() && named.isTextual() && !named.textValue().isBlank()) {
            prompt.put("model", Model.ECHO_NAME);
        }
        var read = new Problems();
        var definition = TaskJson.read(whole, context, read);
        refuse(problems.list(), read.list());
        if (isNew || sent.hasNonNull("model") || sent.hasNonNull("maxTokens")) {
            checkModel(named.asText(), prompt.path("max_tokens").asInt());
        }
        return definition.orElseThrow();
    }

    private void put(String from, ObjectNode prompt, String to) {
        if (sent.hasNonNull(from)) {
            prompt.set(to, sent.get(from));
        } else if (sent.has(from)) {
            prompt.remove(to);
        }
    }

    /// Messages win over a prompt.
    private void putQuestion(ObjectNode prompt, boolean isNew, Problems problems) {
        if (sent.hasNonNull("messages")) {
            prompt.remove("text");
            prompt.set("messages", messages(sent.get("messages")));
        } else if (sent.hasNonNull("prompt")) {
            prompt.remove("messages");
            prompt.set("text", sent.get("prompt"));
        } else if (isNew) {
            problems.add("prompt", "is required, or messages");
        }
    }

    /// Other fields of a message are ignored.
    private static JsonNode messages(JsonNode messages) {
        if (!messages.isArray()) {
            return messages;
        }
        var kept = Json.array();
        for (var message : messages) {
            kept.add(
                    message instanceof ObjectNode object
                            ? object.deepCopy().retain("role", "content")
                            : message);
        }
        return kept;
    }

    private void putModel(ObjectNode prompt, boolean isNew, Problems problems) {
        if (sent.hasNonNull("model")) {
            prompt.set("model", sent.get("model"));
        } else if (isNew) {
            prompt.put("model", DEFAULT_MODEL);
        }
        if (sent.hasNonNull("isDryRun") && !sent.get("isDryRun").isBoolean()) {
            problems.add("isDryRun", "must be true or false");
        }
    }

    /// A dry run asks nobody; the model that was named must be there nevertheless.
    private boolean isDryRun() {
        return sent.path("isDryRun").asBoolean();
    }

    private void putMetadata(ObjectNode whole, Problems problems) {
        if (!sent.has("metadata")) {
            return;
        }
        var metadata = sent.get("metadata");
        if (metadata.isNull()) {
            whole.remove("tags");
        } else if (metadata.isObject()) {
            var tags = whole.putObject("tags");
            metadata.properties()
                    .forEach(entry -> tags.put(entry.getKey(), Codec.tag(entry.getValue())));
        } else {
            problems.add("metadata", "must be an object");
        }
    }

    private static void refuse(List<Problem> own, List<Problem> natives) {
        var faults = new ArrayList<FieldFault>();
        own.forEach(each -> faults.add(new FieldFault(each.field(), each.message())));
        for (var problem : natives) {
            boolean isTold =
                    own.stream().anyMatch(each -> each.field().equals("prompt"))
                            && problem.field().equals("action.prompt.text");
            if (!isTold) {
                faults.add(new FieldFault(name(problem.field()), problem.message()));
            }
        }
        if (!faults.isEmpty()) {
            throw Envelope.invalid(faults);
        }
    }

    private static String name(String path) {
        for (var entry : NAMES.entrySet()) {
            if (path.startsWith(entry.getKey())) {
                return entry.getValue() + path.substring(entry.getKey().length());
            }
        }
        return path;
    }

    private void checkModel(String name, int maxTokens) {
        var model = models.find(name);
        if (model.isEmpty()) {
            throw Code.MODEL_NOT_SUPPORTED.at("model", "there is no model '" + name + "'");
        }
        int max = Math.max(MAX_TOKENS, model.get().defaults().maxTokens().orElse(0));
        if (maxTokens > max) {
            throw Envelope.invalid("maxTokens", "must be a whole number from 1 to " + max);
        }
    }
}
