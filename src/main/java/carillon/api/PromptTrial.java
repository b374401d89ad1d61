package carillon.api;

import carillon.json.Fields;
import carillon.json.Json;
import carillon.json.Problems;
import carillon.prompt.Builtins;
import carillon.prompt.Prompt;
import carillon.prompt.PromptReference;
import carillon.prompt.Prompts;
import carillon.prompt.Rendering;
import carillon.web.Call;
import carillon.web.Refusal;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// `/prompts/{id}/test`: what a prompt says with given variables.
final class PromptTrial {
    private static final int MAX_MODEL_LENGTH = 200;

    private final Prompts prompts;
    private final ZoneId zone;
    private final InstantSource time;

    PromptTrial(Prompts prompts, ZoneId zone, InstantSource time) {
        this.prompts = prompts;
        this.zone = zone;
        this.time = time;
    }

    private record Wanted(Map<String, String> variables, OptionalInt version) {}

    ObjectNode of(Prompt prompt, Call call) {
        var wanted = read(call);
        int version = wanted.version().orElse(prompt.version());
        var now = time.instant();
        var builtins = new HashMap<>(Builtins.at(now, zone, now));
        var variables = new HashMap<String, String>();
        wanted.variables()
                .forEach(
                        (name, value) ->
                                (Builtins.NAMES.contains(name) ? builtins : variables)
                                        .put(name, value));
        var trial =
                prompts.trial(
                        new PromptReference.ById(prompt.id()),
                        OptionalInt.of(version),
                        variables,
                        builtins);
        var view = Json.object().put("prompt_id", prompt.id().value()).put("version", version);
        return shown(trial, view);
    }

    private static ObjectNode shown(Prompts.Trial trial, ObjectNode view) {
        switch (trial.rendering()) {
            case Rendering.Rendered(var text, _, _) -> {
                view.put("text", text);
                PromptView.putTexts(view, "missing", List.of());
            }
            case Rendering.Missing(var names) -> {
                view.putNull("text");
                PromptView.putTexts(view, "missing", names);
            }
            case Rendering.NotFound(var what) ->
                    throw Refused.of(Refusal.Kind.NOT_FOUND, "there is no " + what);
            case Rendering.BrokenInclude broken ->
                    throw Refused.of(Refusal.Kind.CONFLICT, "broken include: " + broken.message());
            case Rendering.TooLong(int maxLength) ->
                    throw Refused.invalid(
                            "variables", "make the text longer than " + maxLength + " characters");
        }
        PromptView.putTexts(view, "unknown", trial.unknown());
        return view;
    }

    /// No body at all is a test without variables.
    private static Wanted read(Call call) {
        if (!call.hasBody()) {
            return new Wanted(Map.of(), OptionalInt.empty());
        }
        var problems = new Problems();
        var wanted = Fields.of(call.json(), "", problems).map(PromptTrial::read);
        if (wanted.isEmpty() || !problems.isEmpty()) {
            throw Refused.of(problems);
        }
        return wanted.get();
    }

    private static Wanted read(Fields body) {
        var variables = new HashMap<String, String>();
        body.raw("variables").ifPresent(sent -> read(sent, body, variables));
        var version = body.integer("version", 1, Integer.MAX_VALUE);
        if (body.bool("run").orElse(false)) {
            body.problem("run", "needs a model, and this server has none: leave it out or false");
        }
        body.text("model", MAX_MODEL_LENGTH);
        body.done();
        return new Wanted(variables, version);
    }

    private static void read(JsonNode sent, Fields body, Map<String, String> variables) {
        if (!sent.isObject()) {
            body.problem("variables", "must be an object");
            return;
        }
        for (var entry : sent.properties()) {
            var value = text(entry.getValue());
            value.ifPresentOrElse(
                    known -> variables.put(entry.getKey(), known),
                    () ->
                            body.problem(
                                    "variables." + entry.getKey(),
                                    "must be a string, a number, true or false"));
        }
    }

    private static Optional<String> text(JsonNode value) {
        return value.isTextual() || value.isNumber() || value.isBoolean()
                ? Optional.of(value.asText())
                : Optional.empty();
    }
}
