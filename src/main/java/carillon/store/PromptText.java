package carillon.store;

import carillon.prompt.PromptDefinition;
import carillon.prompt.Variable;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.Optional;

/// The definition of a prompt as it stands in a column: a JSON object.
final class PromptText {
    private static final ObjectMapper JSON = new ObjectMapper();

    private PromptText() {}

    static String write(PromptDefinition definition) {
        var out =
                JSON.createObjectNode()
                        .put("name", definition.name())
                        .put("category", definition.category())
                        .put("description", definition.description())
                        .put("text", definition.text());
        var tags = out.putArray("tags");
        definition.tags().forEach(tags::add);
        var variables = out.putArray("variables");
        for (var variable : definition.variables()) {
            var item =
                    variables
                            .addObject()
                            .put("name", variable.name())
                            .put("description", variable.description())
                            .put("required", variable.required());
            variable.preset().ifPresent(preset -> item.put("default", preset));
        }
        return Columns.text(out.toString());
    }

    /// Reads back what [#write] wrote.
    static PromptDefinition read(String text) {
        JsonNode in;
        try {
            in = JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new StoreException("a prompt's definition in the database is damaged", e);
        }
        var tags = new ArrayList<String>();
        in.path("tags").forEach(tag -> tags.add(tag.textValue()));
        var variables = new ArrayList<Variable>();
        for (var item : in.path("variables")) {
            variables.add(
                    new Variable(
                            item.path("name").asText(),
                            item.path("description").asText(),
                            item.path("required").asBoolean(),
                            Optional.ofNullable(item.get("default")).map(JsonNode::asText)));
        }
        return new PromptDefinition(
                in.path("name").asText(),
                in.path("category").asText(),
                in.path("description").asText(),
                tags,
                in.path("text").asText(),
                variables);
    }
}
