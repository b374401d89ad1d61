package carillon.api;

import carillon.json.Fields;
import carillon.json.Problems;
import carillon.prompt.PromptDefinition;
import carillon.prompt.Variable;
import carillon.web.Call;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

/// Reads a prompt's definition from a body.
final class PromptRequest {
    private static final int MAX_UNITS = PromptDefinition.MAX_TEXT_BYTES;

    private PromptRequest() {}

    /// What the body says. `alongside` may stand there and is not read.
    static PromptDefinition read(Call call, Collection<String> alongside) {
        var problems = new Problems();
        var definition =
                Fields.of(call.json(), "", problems).flatMap(body -> read(body, alongside));
        if (definition.isEmpty() || !problems.isEmpty()) {
            throw Refused.of(problems);
        }
        return definition.get();
    }

    private static Optional<PromptDefinition> read(Fields body, Collection<String> alongside) {
        body.allow(alongside);
        var name = body.requiredText("name", Integer.MAX_VALUE);
        name.flatMap(PromptDefinition::nameFault).ifPresent(fault -> body.problem("name", fault));
        var category = body.text("category", PromptDefinition.MAX_CATEGORY_LENGTH).orElse("");
        var description =
                body.text("description", PromptDefinition.MAX_DESCRIPTION_LENGTH).orElse("");
        var tags = tags(body);
        var text = body.requiredText("text", MAX_UNITS);
        text.flatMap(PromptDefinition::textFault).ifPresent(fault -> body.problem("text", fault));
        var variables = variables(body);
        body.done();
        return body.problems().isEmpty() && name.isPresent() && text.isPresent()
                ? Optional.of(
                        new PromptDefinition(
                                name.get(), category, description, tags, text.get(), variables))
                : Optional.empty();
    }

    private static List<String> tags(Fields body) {
        var items = body.array("tags", PromptDefinition.MAX_TAGS).orElse(List.of());
        var tags = new LinkedHashSet<String>();
        for (int i = 0; i < items.size(); i++) {
            var place = "tags[" + i + "]";
            if (items.get(i).isTextual()) {
                var tag = items.get(i).textValue();
                PromptDefinition.tagFault(tag)
                        .ifPresentOrElse(fault -> body.problem(place, fault), () -> tags.add(tag));
            } else {
                body.problem(place, "must be a string");
            }
        }
        return List.copyOf(tags);
    }

    private static List<Variable> variables(Fields body) {
        var items = body.array("variables", PromptDefinition.MAX_VARIABLES).orElse(List.of());
        var variables = new ArrayList<Variable>();
        var names = new HashSet<String>();
        for (int i = 0; i < items.size(); i++) {
            var place = body.path("variables[" + i + "]");
            var variable = variable(items.get(i), place, body.problems());
            variable.ifPresent(variables::add);
            if (variable.isPresent() && !names.add(variable.get().name())) {
                body.problems()
                        .add(place + ".name", "'" + variable.get().name() + "' is there already");
            }
        }
        return variables;
    }

    private static Optional<Variable> variable(JsonNode item, String place, Problems problems) {
        int before = problems.count();
        var fields = Fields.of(item, place, problems);
        if (fields.isEmpty()) {
            return Optional.empty();
        }
        var inner = fields.get();
        var name = inner.requiredText("name", Variable.MAX_NAME_LENGTH);
        name.flatMap(Variable::nameFault).ifPresent(fault -> inner.problem("name", fault));
        var description = inner.text("description", Variable.MAX_DESCRIPTION_LENGTH).orElse("");
        boolean required = inner.bool("required").orElse(false);
        var preset = inner.text("default", Variable.MAX_PRESET_LENGTH);
        inner.done();
        return name.filter(_ -> problems.count() == before)
                .map(known -> new Variable(known, description, required, preset));
    }
}
