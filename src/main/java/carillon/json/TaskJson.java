package carillon.json;

import static java.util.Objects.requireNonNull;

import carillon.json.ReadContext.Form;
import carillon.secret.Seal;
import carillon.task.TaskCodec;
import carillon.task.TaskDefinition;
import carillon.task.TaskId;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A task's definition in native JSON: `{name, description, schedule, action, retry, timeout,
/// concurrency, misfire, delivery, dst, jitter, priority, processors, notify, tags, budget}`, in
/// the form shown to people and in the form that stores keep.
public final class TaskJson {
    public static final int MAX_DESCRIPTION_LENGTH = 2_000;
    public static final int MAX_TAGS = 50;
    public static final int MAX_TAG_LENGTH = 200;

    private TaskJson() {}

    /// Reads a whole definition: what is left out has its default. Empty exactly when something was
    /// added to `problems`, which gets everything that is wrong, field by field.
    public static Optional<TaskDefinition> read(
            JsonNode node, ReadContext context, Problems problems) {
        int before = problems.count();
        var fields = Fields.of(node, "", problems);
        if (fields.isEmpty()) {
            return Optional.empty();
        }
        return read(fields.get(), context).filter(_ -> problems.count() == before);
    }

    private static Optional<TaskDefinition> read(Fields fields, ReadContext context) {
        int before = fields.problems().count();
        fields.allow(context.alongside());
        var name = fields.requiredText("name", TaskDefinition.MAX_NAME_LENGTH);
        var description =
                fields.text(
                                "description",
                                context.isShown() ? MAX_DESCRIPTION_LENGTH : Integer.MAX_VALUE)
                        .orElse("");
        var timetable = ScheduleJson.read(fields, context);
        var action = ActionJson.read(fields, context);
        var policies = PolicyJson.read(fields, context);
        var processing = ProcessorJson.read(fields, context);
        var tags = tags(fields, context);
        var budget = BudgetJson.ofTask(fields, context);
        fields.done();
        if (fields.problems().count() > before || name.isEmpty() || action.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new TaskDefinition(
                        name.get(),
                        description,
                        timetable,
                        action.get(),
                        policies,
                        tags,
                        budget,
                        processing));
    }

    private static Map<String, String> tags(Fields fields, ReadContext context) {
        int maxTags = context.isShown() ? MAX_TAGS : Integer.MAX_VALUE;
        int maxLength = context.isShown() ? MAX_TAG_LENGTH : Integer.MAX_VALUE;
        var sent = fields.raw("tags");
        if (sent.isEmpty()) {
            return Map.of();
        }
        var tags = new LinkedHashMap<String, String>();
        if (sent.get().isArray()) {
            var items = fields.array("tags", maxTags).orElse(List.of());
            for (int i = 0; i < items.size(); i++) {
                if (items.get(i).isTextual()) {
                    tags.put(items.get(i).textValue(), "");
                } else {
                    fields.problem("tags[" + i + "]", "must be a string");
                }
            }
        } else if (sent.get().isObject()) {
            tags.putAll(fields.texts("tags", maxTags, maxLength).orElse(Map.of()));
        } else {
            fields.problem("tags", "must be an object of strings or an array of strings");
        }
        if (context.isShown()) {
            tags.keySet().stream()
                    .filter(tag -> tag.isBlank() || tag.length() > maxLength)
                    .forEach(
                            _ ->
                                    fields.problem(
                                            "tags", "a tag has 1 to " + maxLength + " characters"));
        }
        return tags;
    }

    /// Replaces top-level fields of the definition as it is shown; `null` sets the default. The
    /// result is for [#read], with the definition as the previous one, so that its secrets stay.
    public static ObjectNode patched(TaskDefinition current, ObjectNode changes) {
        var whole = shown(current);
        whole.setAll(changes);
        return whole;
    }

    /// Writes the form shown to people: secrets masked.
    public static ObjectNode shown(TaskDefinition definition) {
        return write(definition, Form.SHOWN);
    }

    private static ObjectNode write(TaskDefinition definition, Form form) {
        var out =
                Json.object()
                        .put("name", definition.name())
                        .put("description", definition.description());
        ScheduleJson.write(definition.timetable(), out);
        out.set("action", ActionJson.write(definition.action(), form));
        PolicyJson.write(definition.policies(), out);
        ProcessorJson.write(definition.processing(), out, form);
        writeTags(definition.tags(), out);
        definition.budget().ifPresent(own -> out.set("budget", BudgetJson.write(own)));
        return out;
    }

    private static void writeTags(Map<String, String> tags, ObjectNode out) {
        if (!tags.isEmpty() && tags.values().stream().allMatch(String::isEmpty)) {
            var names = out.putArray("tags");
            tags.keySet().forEach(names::add);
            return;
        }
        var entries = out.putObject("tags");
        tags.forEach(entries::put);
    }

    /// The form that stores keep, secrets readable in it.
    public static TaskCodec codec() {
        return codec(Seal.NONE);
    }

    /// The form that stores keep: the whole of a definition that has secrets is sealed. Reading
    /// throws [JsonException] for a text that it did not write.
    public static TaskCodec codec(Seal seal) {
        return new Stored(seal);
    }

    private static final class Stored implements TaskCodec {
        private final Seal seal;

        private Stored(Seal seal) {
            this.seal = requireNonNull(seal, "seal");
        }

        private static String row(TaskId id) {
            return "task " + id;
        }

        /// What is not shown is a secret.
        @Override
        public String write(TaskId id, TaskDefinition definition) {
            var text = Json.write(TaskJson.write(definition, Form.STORED));
            boolean hides = !text.equals(Json.write(shown(definition)));
            return hides ? seal.seal(text, row(id)) : text;
        }

        @Override
        public TaskDefinition read(TaskId id, String text) {
            var problems = new Problems();
            var open = Json.read(seal.open(text, row(id)));
            return TaskJson.read(open, ReadContext.stored(id), problems)
                    .orElseThrow(
                            () ->
                                    new JsonException(
                                            "the stored definition of task " + id + ": " + problems,
                                            0,
                                            0));
        }
    }
}
