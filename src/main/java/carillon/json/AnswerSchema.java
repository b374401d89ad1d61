package carillon.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaException;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.PathType;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import com.networknt.schema.resource.DisallowSchemaLoader;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// A JSON Schema that answers of models must fit: draft 2020-12, unless its `$schema` names
/// 2019-09, 7, 6 or 4. It stands alone: what it refers to lies within it, and nothing is ever
/// loaded.
public final class AnswerSchema {
    /// Of its text in characters.
    public static final int MAX_LENGTH = 65_536;

    /// How many faults of one answer are told.
    public static final int MAX_FAULTS = 10;

    private static final int MAX_FAULT_LENGTH = 300;
    private static final Map<String, VersionFlag> DRAFTS =
            Map.of(
                    "https://json-schema.org/draft/2020-12/schema", VersionFlag.V202012,
                    "https://json-schema.org/draft/2019-09/schema", VersionFlag.V201909,
                    "http://json-schema.org/draft-07/schema", VersionFlag.V7,
                    "http://json-schema.org/draft-06/schema", VersionFlag.V6,
                    "http://json-schema.org/draft-04/schema", VersionFlag.V4);

    /// A Markdown code fence around everything.
    private static final Pattern FENCE =
            Pattern.compile("(?s)```[\\w+-]*[ \\t]*\\r?\\n(.*?)\\s*```");

    private static final SchemaValidatorsConfig SETTINGS =
            SchemaValidatorsConfig.builder()
                    .locale(Locale.ENGLISH)
                    .pathType(PathType.JSON_PATH)
                    .regularExpressionFactory(BoundedPattern::new)
                    .build();

    private final JsonSchema schema;

    private AnswerSchema(JsonSchema schema) {
        this.schema = schema;
    }

    /// Throws [IllegalArgumentException] for one that [#fault] finds fault with.
    public static AnswerSchema of(String text) {
        var node = Json.read(text);
        var fault = fault(node);
        if (fault.isPresent()) {
            throw new IllegalArgumentException(fault.get());
        }
        return compiled(node);
    }

    private static AnswerSchema compiled(JsonNode node) {
        var alone =
                JsonSchemaFactory.getInstance(
                        draft(node).orElseThrow(),
                        factory ->
                                factory.schemaLoaders(
                                        loaders ->
                                                loaders.add(DisallowSchemaLoader.getInstance())));
        return new AnswerSchema(alone.getSchema(node, SETTINGS));
    }

    private static Optional<VersionFlag> draft(JsonNode schema) {
        var named = schema.path("$schema");
        if (named.isMissingNode()) {
            return Optional.of(VersionFlag.V202012);
        }
        var name = named.asText();
        var bare = name.endsWith("#") ? name.substring(0, name.length() - 1) : name;
        return Optional.ofNullable(DRAFTS.get(bare));
    }

    /// Why answers cannot be held to this schema; empty when they can.
    public static Optional<String> fault(JsonNode schema) {
        if (!schema.isObject()) {
            return Optional.of("must be an object");
        }
        if (Json.write(schema).length() > MAX_LENGTH) {
            return Optional.of("must have at most " + MAX_LENGTH + " characters");
        }
        var draft = draft(schema);
        if (draft.isEmpty()) {
            return Optional.of("names a $schema that is not known");
        }
        var foreign = foreignReference(schema);
        if (foreign.isPresent()) {
            return Optional.of(
                    "must not refer to anything outside of itself: " + shown(foreign.get()));
        }
        try {
            var faults = metaSchema(draft.get()).validate(schema);
            return faults.isEmpty() ? trialFault(schema) : Optional.of(words(faults).getFirst());
        } catch (RuntimeException e) {
            return Optional.of("is not understood: " + shown(String.valueOf(e.getMessage())));
        } catch (StackOverflowError _) {
            return Optional.of("refers to itself without an end");
        }
    }

    /// What it is made of comes with the program.
    private static JsonSchema metaSchema(VersionFlag draft) {
        return JsonSchemaFactory.getInstance(draft)
                .getSchema(SchemaLocation.of(draft.getId()), SETTINGS);
    }

    /// Finds what shows only when something is held against it.
    private static Optional<String> trialFault(JsonNode schema) {
        var compiled = compiled(schema);
        for (var sample : List.of("null", "{}", "[]", "\"x\"", "1")) {
            compiled.schema.validate(Json.read(sample));
        }
        return Optional.empty();
    }

    private static Optional<String> foreignReference(JsonNode node) {
        for (var name : List.of("$ref", "$dynamicRef", "$recursiveRef")) {
            var target = node.path(name);
            if (target.isTextual() && !target.asText().startsWith("#")) {
                return Optional.of(target.asText());
            }
        }
        for (var child : node) {
            var found = foreignReference(child);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    /// An answer held against the schema: `json` is the answer without the code fence that may be
    /// around it; `faults` say in words what is wrong, and are empty when nothing is.
    public record Held(String json, List<String> faults) {
        public Held {
            faults = List.copyOf(faults);
        }

        public boolean fits() {
            return faults.isEmpty();
        }
    }

    public Held hold(String answer) {
        var json = unfenced(answer);
        try {
            return new Held(json, words(schema.validate(Json.read(json))));
        } catch (JsonException e) {
            return new Held(json, List.of("it is not JSON: " + shown(e.getMessage())));
        } catch (JsonSchemaException | BoundedPattern.TooLongException | StackOverflowError _) {
            return new Held(json, List.of("it is too intricate to be checked"));
        }
    }

    private static String unfenced(String answer) {
        var stripped = answer.strip();
        var fenced = FENCE.matcher(stripped);
        return stripped.startsWith("```") && fenced.matches() ? fenced.group(1) : stripped;
    }

    private static List<String> words(Collection<ValidationMessage> messages) {
        var words = new ArrayList<String>();
        for (var message : messages) {
            if (words.size() == MAX_FAULTS) {
                words.add("and " + (messages.size() - MAX_FAULTS) + " more");
                break;
            }
            words.add(shown(message.getMessage()));
        }
        return words;
    }

    private static String shown(String text) {
        return text.length() > MAX_FAULT_LENGTH ? text.substring(0, MAX_FAULT_LENGTH) + "…" : text;
    }
}
