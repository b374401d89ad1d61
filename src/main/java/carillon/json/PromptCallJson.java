package carillon.json;

import carillon.action.Action;
import carillon.action.PromptCall;
import carillon.action.Question;
import carillon.action.Tuning;
import carillon.ai.Defaults;
import carillon.prompt.PromptDefinition;
import carillon.prompt.PromptTemplate;
import carillon.prompt.Variable;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.TreeMap;

/// `{"prompt":{model, text, variables}}`, `{"prompt":{model, prompt, version, variables}}` or
/// `{"prompt":{model, messages}}`, each with `schema`, `temperature` and `max_tokens` where wanted.
/// A `text` is meant as it stands; with `variables`, an empty object at least, it is a template.
final class PromptCallJson {
    static final int MAX_MODEL_LENGTH = 200;
    static final int MAX_TEXT_LENGTH = 200_000;

    private final Fields fields;
    private final boolean shown;

    private PromptCallJson(Fields fields, ReadContext context) {
        this.fields = fields;
        this.shown = context.isShown();
    }

    static Optional<Action> read(Fields fields, ReadContext context) {
        return new PromptCallJson(fields, context).read();
    }

    private int max(int length) {
        return shown ? length : Integer.MAX_VALUE;
    }

    private Optional<Action> read() {
        var model = fields.requiredText("model", max(MAX_MODEL_LENGTH));
        var question = question();
        var schema = schema();
        var tuning =
                new Tuning(
                        fields.number("temperature", 0, Defaults.MAX_TEMPERATURE),
                        OptionalDouble.empty(),
                        fields.integer("max_tokens", 1, Defaults.MAX_TOKENS));
        fields.done();
        return model.flatMap(
                name -> question.map(asked -> new PromptCall(name, asked, schema, tuning)));
    }

    private Optional<Question> question() {
        if (fields.has("prompt")) {
            return stored();
        }
        return fields.has("messages") ? messages() : literal();
    }

    private Optional<Question> messages() {
        for (var name : List.of("text", "version", "variables")) {
            if (fields.has(name)) {
                fields.problem(name, "cannot stand beside 'messages'");
            }
        }
        return MessagesJson.read(fields, "messages", shown).map(Question.Messages::new);
    }

    private Optional<String> schema() {
        var sent = fields.raw("schema");
        if (shown) {
            sent.flatMap(AnswerSchema::fault).ifPresent(fault -> fields.problem("schema", fault));
        }
        return sent.map(Json::write);
    }

    private Optional<Question> stored() {
        for (var name : List.of("text", "messages")) {
            if (fields.has(name)) {
                fields.problem(name, "cannot stand beside 'prompt': say one of them");
            }
        }
        var prompt = fields.requiredText("prompt", max(PromptDefinition.MAX_NAME_LENGTH));
        var version = fields.integer("version", 1, Integer.MAX_VALUE);
        var variables = variables().orElse(Map.of());
        return prompt.map(name -> new Question.Stored(name.strip(), version, variables));
    }

    private Optional<Question> literal() {
        if (!fields.has("text")) {
            fields.problem(
                    "text",
                    "is required, or 'messages', or 'prompt' with the name of a stored one");
            return Optional.empty();
        }
        if (fields.has("version")) {
            fields.problem("version", "belongs to a stored prompt: name it in 'prompt'");
        }
        var text = fields.requiredText("text", max(MAX_TEXT_LENGTH));
        var variables = variables();
        if (variables.isEmpty()) {
            return text.map(Question.Text::new);
        }
        text.ifPresent(said -> checkTemplate(said, variables.get()));
        return text.map(said -> new Question.Template(said, variables.get()));
    }

    private void checkTemplate(String text, Map<String, String> variables) {
        if (shown) {
            PromptDefinition.textFault(text)
                    .ifPresentOrElse(
                            fault -> fields.problem("text", fault),
                            () ->
                                    PromptTemplate.faults(text, variables.keySet())
                                            .forEach(fault -> fields.problem("text", fault)));
        }
    }

    /// Numbers, `true` and `false` stand for how they are written.
    private Optional<Map<String, String>> variables() {
        var sent = fields.raw("variables");
        if (sent.isEmpty()) {
            return Optional.empty();
        }
        if (!sent.get().isObject()) {
            fields.problem("variables", "must be an object");
            return Optional.empty();
        }
        if (sent.get().size() > max(PromptDefinition.MAX_VARIABLES)) {
            fields.problem(
                    "variables",
                    "must have at most " + PromptDefinition.MAX_VARIABLES + " entries");
        }
        var variables = new LinkedHashMap<String, String>();
        for (var entry : sent.get().properties()) {
            var name = entry.getKey();
            var fault = fault(name, entry.getValue());
            fault.ifPresent(message -> fields.problem("variables." + name, message));
            variables.put(name, entry.getValue().asText());
        }
        return Optional.of(variables);
    }

    private Optional<String> fault(String name, JsonNode value) {
        if (!value.isTextual() && !value.isNumber() && !value.isBoolean()) {
            return Optional.of("must be a string, a number, true or false");
        }
        if (!shown) {
            return Optional.empty();
        }
        return value.asText().length() > Variable.MAX_PRESET_LENGTH
                ? Optional.of("must have at most " + Variable.MAX_PRESET_LENGTH + " characters")
                : Variable.nameFault(name);
    }

    static ObjectNode write(PromptCall call) {
        var out = Json.object().put("model", call.model());
        switch (call.question()) {
            case Question.Text(var text) -> out.put("text", text);
            case Question.Messages(var conversation) ->
                    out.set("messages", MessagesJson.write(conversation));
            case Question.Template(var text, var variables) ->
                    write(variables, out.put("text", text));
            case Question.Stored(var prompt, OptionalInt version, var variables) -> {
                out.put("prompt", prompt);
                version.ifPresent(number -> out.put("version", number));
                write(variables, out);
            }
        }
        call.schema().ifPresent(schema -> out.set("schema", Json.read(schema)));
        call.tuning()
                .temperature()
                .ifPresent(value -> out.put("temperature", BigDecimal.valueOf(value)));
        call.tuning().maxTokens().ifPresent(value -> out.put("max_tokens", value));
        return out;
    }

    private static void write(Map<String, String> variables, ObjectNode out) {
        new TreeMap<>(variables).forEach(out.putObject("variables")::put);
    }
}
