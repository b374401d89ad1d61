package carillon.api;

import carillon.json.Json;
import carillon.prompt.Prompt;
import carillon.prompt.PromptDefinition;
import carillon.prompt.PromptDiff;
import carillon.prompt.PromptVersion;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;

/// A prompt in JSON: its definition, and its version.
final class PromptView {
    /// What a view shows beside the definition and nobody sets. A client that sends back what it
    /// got sends these too.
    static final Set<String> READ_ONLY = Set.of("id", "version", "created_at", "updated_at");

    private PromptView() {}

    static ObjectNode of(Prompt prompt) {
        var view = Json.object().put("id", prompt.id().value());
        view.setAll(of(prompt.definition()));
        return view.put("version", prompt.version())
                .put("created_at", prompt.createdAt().toString())
                .put("updated_at", prompt.updatedAt().toString());
    }

    private static ObjectNode of(PromptDefinition definition) {
        var view =
                Json.object()
                        .put("name", definition.name())
                        .put("category", definition.category())
                        .put("description", definition.description());
        putTexts(view, "tags", definition.tags());
        view.put("text", definition.text());
        var variables = view.putArray("variables");
        for (var variable : definition.variables()) {
            variables
                    .addObject()
                    .put("name", variable.name())
                    .put("description", variable.description())
                    .put("required", variable.required())
                    .put("default", variable.preset().orElse(null));
        }
        return view;
    }

    static ObjectNode of(PromptVersion version) {
        var view =
                Json.object()
                        .put("prompt_id", version.prompt().value())
                        .put("version", version.version())
                        .put("created_at", version.createdAt().toString())
                        .put("created_by", version.createdBy());
        if (version.rolledBackFrom().isPresent()) {
            view.put("rolled_back_from", version.rolledBackFrom().getAsInt());
        } else {
            view.putNull("rolled_back_from");
        }
        view.set("definition", of(version.definition()));
        return view;
    }

    static ObjectNode of(Prompt prompt, PromptDiff diff) {
        var view =
                Json.object()
                        .put("prompt_id", prompt.id().value())
                        .put("from", diff.from())
                        .put("to", diff.to());
        putTexts(view, "fields", diff.fields());
        var changes = view.putArray("changes");
        for (var change : diff.changes()) {
            var item = changes.addObject().put("from_line", change.fromLine());
            putTexts(item, "removed", change.removed());
            putTexts(item.put("to_line", change.toLine()), "added", change.added());
        }
        return view.put("unified", diff.unified());
    }

    static void putTexts(ObjectNode view, String name, List<String> texts) {
        var array = view.putArray(name);
        texts.forEach(array::add);
    }
}
