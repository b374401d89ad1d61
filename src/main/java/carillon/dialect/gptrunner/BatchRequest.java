package carillon.dialect.gptrunner;

import carillon.json.Json;
import carillon.json.Problems;
import carillon.json.ReadContext;
import carillon.json.TaskJson;
import carillon.oneshot.ClientName;
import carillon.oneshot.OneShots;
import carillon.task.TaskDefinition;
import carillon.task.TaskId;
import carillon.task.Tasks;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/// A batch as it is sent: a file of questions, or tasks, or neither, for tasks that are sent by
/// themselves and name it.
final class BatchRequest {
    private static final int DEFAULT_CONCURRENCY = 5;

    private final ObjectNode sent;
    private final ObjectNode config;
    private final GptRunnerApi.Parts parts;

    private BatchRequest(ObjectNode sent, ObjectNode config, GptRunnerApi.Parts parts) {
        this.sent = sent;
        this.config = config;
        this.parts = parts;
    }

    /// Throws [carillon.web.RefusedException].
    static BatchRequest of(JsonNode body, GptRunnerApi.Parts parts) {
        var sent = TaskRequest.object(body);
        var config = sent.hasNonNull("config") ? sent.get("config") : Json.object();
        if (!(config instanceof ObjectNode settings)) {
            throw Envelope.invalid("config", "must be an object");
        }
        if (FilePlaces.areIn(sent) && sent.hasNonNull("tasks")) {
            throw Envelope.invalid("inputFile", "cannot stand beside tasks: say one of them");
        }
        return new BatchRequest(sent, settings, parts);
    }

    /// What the client calls it. Throws [carillon.web.RefusedException].
    Optional<String> id() {
        var id = text("id");
        if (id.filter(said -> !Codec.CLIENT_ID.matcher(said).matches()).isPresent()) {
            throw Envelope.invalid("id", Codec.CLIENT_ID_RULE);
        }
        return id;
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

    /// The task that the batch is. Throws [carillon.web.RefusedException].
    TaskDefinition definition(TaskId id, String clientId, Instant now) {
        var whole = Json.object().put("name", text("name").orElse(clientId));
        text("description").ifPresent(said -> whole.put("description", said));
        whole.put("timeout", "24h").put("concurrency", "forbid");
        var action = whole.putObject("action");
        if (FilePlaces.areIn(sent)) {
            new FilePlaces(parts.batching().root(), parts.models()).put(action, sent, config);
        } else {
            var tasks = action.putObject("tasks");
            tasks.put("api", GptRunnerApi.NAME).put("batch", clientId);
            tasks.put("max_concurrency", DEFAULT_CONCURRENCY);
            if (config.hasNonNull("maxConcurrency")) {
                tasks.set("max_concurrency", config.get("maxConcurrency"));
            }
        }
        var problems = new Problems();
        var context = ReadContext.sent(id, now, ZoneOffset.UTC);
        var definition = TaskJson.read(whole, context, problems);
        FilePlaces.refuse(problems);
        return definition.orElseThrow();
    }

    /// The tasks that were sent with it, which take from its `config` what they do not say. Throws
    /// [carillon.web.RefusedException] for the first of them that is wrong.
    List<OneShots.Wanted> tasks(String batch, Instant now, String caller) {
        if (!sent.hasNonNull("tasks")) {
            return List.of();
        }
        if (!sent.get("tasks").isArray()) {
            throw Envelope.invalid("tasks", "must be an array");
        }
        var wanted = new ArrayList<OneShots.Wanted>();
        var ids = new HashSet<String>();
        for (var item : sent.get("tasks")) {
            var task = task(item, batch, now, caller);
            if (!ids.add(task.name().id())) {
                throw Envelope.invalid(
                        place(wanted.size()) + ".id", "stands twice: " + task.name().id());
            }
            wanted.add(task);
        }
        return wanted;
    }

    private static String place(int index) {
        return "tasks[" + index + "]";
    }

    private OneShots.Wanted task(JsonNode item, String batch, Instant now, String caller) {
        var whole = TaskRequest.object(item).deepCopy();
        for (var name : List.of("model", "temperature", "maxTokens")) {
            if (!whole.hasNonNull(name) && config.hasNonNull(name)) {
                whole.set(name, config.get(name));
            }
        }
        whole.put("batchId", batch);
        var request = TaskRequest.of(whole, parts.models());
        var names = request.names();
        var id = parts.tasks().newId();
        var clientId = names.id().orElseGet(() -> Codec.taskId(id));
        var definition = request.definition(id, clientId, now);
        var once = names.key().map(key -> new ClientName.Once(key, TaskRoutes.fingerprint(whole)));
        var name = new ClientName(GptRunnerApi.NAME, clientId, Optional.of(batch), once);
        return new OneShots.Wanted(
                new Tasks.NewTask(id, GptRunnerApi.NAME, definition, false, caller), name);
    }
}
