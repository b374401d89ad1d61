package carillon.perform;

import carillon.action.Step;
import carillon.action.ValuePath;
import carillon.json.Json;
import carillon.json.JsonException;
import carillon.json.PlainValues;
import carillon.run.Output;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// What the steps of one run of a workflow look at: `input`, `pass`, and `steps` by name, each with
/// its `state` and its `output`. An output that is JSON can be looked into. `tasks` is another name
/// of `steps`.
final class StepValues {
    private static final String STEPS = "steps";
    private static final String TASKS = "tasks";

    private final ObjectNode root = Json.object();
    private final ObjectNode steps = Json.object();
    private final Map<String, Object> plain = new HashMap<>();
    private final Map<String, Object> plainSteps = new HashMap<>();

    StepValues(Optional<String> input) {
        root.set("input", input.<JsonNode>map(Json::read).orElseGet(Json::object));
        root.set(STEPS, steps);
        root.set(TASKS, steps);
        plain.put("input", PlainValues.of(root.get("input")));
        plain.put(STEPS, plainSteps);
        plain.put(TASKS, plainSteps);
    }

    void pass(int pass) {
        root.put("pass", pass);
        plain.put("pass", BigDecimal.valueOf(pass));
    }

    void ended(String name, String state, JsonNode output) {
        var step = Json.object().put("state", state.toLowerCase(Locale.ROOT));
        step.set("output", output);
        steps.set(name, step);
        plainSteps.put(name, PlainValues.of(step));
    }

    static JsonNode value(Output output) {
        if (output.body().isEmpty()) {
            return NullNode.instance;
        }
        try {
            return output.cut() ? TextNode.valueOf(output.body()) : Json.read(output.body());
        } catch (JsonException _) {
            return TextNode.valueOf(output.body());
        }
    }

    /// As conditions know values.
    Object plain() {
        return plain;
    }

    /// What stands at the path.
    Optional<JsonNode> at(ValuePath path, Map<String, JsonNode> more) {
        JsonNode here = root;
        var parts = path.parts();
        if (more.containsKey(parts.getFirst())) {
            here = Json.object().set(parts.getFirst(), more.get(parts.getFirst()));
        }
        for (var part : parts) {
            boolean isPlace = here.isArray() && part.matches("\\d{1,9}");
            here = isPlace ? here.path(Integer.parseInt(part)) : here.path(part);
        }
        return here.isMissingNode() || here.isNull() ? Optional.empty() : Optional.of(here);
    }

    /// The items that a step is done for.
    Optional<List<JsonNode>> items(ValuePath path) {
        return at(path, Map.of())
                .filter(JsonNode::isArray)
                .map(list -> ((ArrayNode) list).valueStream().toList());
    }

    /// What a step is given when it begins, as its run keeps it.
    String given(Step step, Map<String, JsonNode> more) {
        var given = Json.object();
        var inputs = given.putObject("inputs");
        var missing = given.putArray("missing");
        step.feed()
                .inputs()
                .forEach(
                        (name, path) ->
                                at(path, more)
                                        .ifPresentOrElse(
                                                value -> inputs.set(name, value),
                                                () -> missing.add(path.toString())));
        if (step.feed().inputs().isEmpty()) {
            more.forEach(inputs::set);
        }
        return Json.write(given);
    }
}
