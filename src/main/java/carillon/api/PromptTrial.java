package carillon.api;

import carillon.ai.Model;
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
import carillon.web.Refusal.FieldFault;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// `/prompts/{id}/test`: what a prompt says with given variables and, on request, what a model
/// answers to it.
public final class PromptTrial {
    private static final int MAX_MODEL_LENGTH = 200;

    private final Prompts prompts;
    private final ZoneId zone;
    private final InstantSource time;
    private final ModelTrial models;

    /// `zone` is that of the built-in variables.
    public PromptTrial(Prompts prompts, ZoneId zone, InstantSource time, ModelTrial models) {
        this.prompts = prompts;
        this.models = models;
        this.zone = zone;
        this.time = time;
    }

    /// `model` is the name of the one to be asked.
    private record Wanted(
            Map<String, String> variables, OptionalInt version, Optional<String> model) {}

    ObjectNode of(Prompt prompt, Call call) throws InterruptedException {
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
        var model = wanted.model().map(this::require);
        shown(trial, view).putNull("answer");
        if (model.isPresent()) {
            view.set(
                    "answer",
                    models.of(model.get(), requireText(trial.rendering()), call.caller()));
        }
        return view;
    }

    private Model require(String name) {
        return models.find(name)
                .orElseThrow(
                        () ->
                                Refused.invalid(
                                        "model",
                                        "there is no model '" + Parameters.shown(name) + "'"));
    }

    /// Nothing that lacks what its prompt requires goes to a model.
    private static String requireText(Rendering rendering) {
        return switch (rendering) {
            case Rendering.Rendered(var text, _) when !text.isBlank() -> text;
            case Rendering.Missing(var names) ->
                    throw Refused.of(
                            names.stream()
                                    .map(name -> new FieldFault("variables." + name, "is required"))
                                    .toList());
            case Rendering.Rendered _,
                    Rendering.NotFound _,
                    Rendering.BrokenInclude _,
                    Rendering.TooLong _ ->
                    throw Refused.invalid(
                            "variables", "leave the text blank: there is no question");
        };
    }

    private static ObjectNode shown(Prompts.Trial trial, ObjectNode view) {
        switch (trial.rendering()) {
            case Rendering.Rendered(var text, _) -> {
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
            return new Wanted(Map.of(), OptionalInt.empty(), Optional.empty());
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
        boolean run = body.bool("run").orElse(false);
        var model =
                run
                        ? body.requiredText("model", MAX_MODEL_LENGTH)
                        : body.text("model", MAX_MODEL_LENGTH);
        body.done();
        return new Wanted(variables, version, model.filter(_ -> run));
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
