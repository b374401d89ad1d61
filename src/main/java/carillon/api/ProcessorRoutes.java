package carillon.api;

import carillon.json.Json;
import carillon.json.Problems;
import carillon.json.SettingsJson;
import carillon.processor.Facts;
import carillon.processor.ProcessorType;
import carillon.processor.Processors;
import carillon.processor.StoredSettings;
import carillon.web.Answer;
import carillon.web.Call;
import carillon.web.Permission;
import carillon.web.Refusal;
import carillon.web.Route;
import carillon.web.Route.Method;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// `/processors`: the ways in which outputs can go, and what holds for all of one way.
public final class ProcessorRoutes {
    private static final String PROCESSORS = "/api/v1/processors";
    private static final String CONFIG = PROCESSORS + "/{type}/config";

    private final Processors processors;

    public ProcessorRoutes(Processors processors) {
        this.processors = processors;
    }

    public List<Route> routes() {
        return List.of(
                new Route(Method.GET, PROCESSORS, Permission.VIEW, this::list),
                new Route(
                        Method.GET,
                        CONFIG,
                        Permission.VIEW,
                        call -> shown(processors.settings(type(call)))),
                new Route(Method.PUT, CONFIG, Permission.ADMINISTER, this::configure));
    }

    private Answer list(Call call) {
        var types = Arrays.stream(ProcessorType.values()).map(this::view).toList();
        return Answer.ok(Page.whole(types));
    }

    private ObjectNode view(ProcessorType type) {
        var missing = processors.missing(type);
        var view =
                Json.object()
                        .put("type", type.word())
                        .put("description", type.description())
                        .put("configured", missing.isEmpty())
                        .put("missing", missing.orElse(null));
        var fields = view.putArray("config");
        for (var field : type.fields()) {
            fields.addObject()
                    .put("name", field.name())
                    .put("required", field.required())
                    .put("secret", field.secret())
                    .put("description", field.description());
        }
        var template =
                processors
                        .settings(type)
                        .settings()
                        .template()
                        .or(() -> Optional.of(type.template()).filter(text -> !text.isEmpty()));
        view.put("template", template.orElse(null));
        var variables = view.putArray("variables");
        Facts.NAMES.forEach(variables::add);
        return view;
    }

    private static ProcessorType type(Call call) {
        var word = call.path("type");
        return ProcessorType.of(word)
                .orElseThrow(
                        () ->
                                Refused.of(
                                        Refusal.Kind.NOT_FOUND,
                                        "there is no processor " + Parameters.shown(word)));
    }

    private static Answer shown(StoredSettings stored) {
        return new Answer(
                200,
                SettingsJson.shown(stored.type(), stored.settings()),
                Answer.JSON,
                Map.of("ETag", IfMatch.etag(stored.version())));
    }

    private Answer configure(Call call) {
        var type = type(call);
        var before = processors.settings(type);
        var problems = new Problems();
        var settings = SettingsJson.read(call.json(), type, before.settings(), problems);
        if (settings.isEmpty()) {
            throw Refused.of(problems);
        }
        return switch (processors.change(type, settings.get(), expected(call, before))) {
            case Processors.Changed.Done(var after) -> shown(after);
            case Processors.Changed.Conflict(int current) -> throw lostRace(current);
        };
    }

    /// The version that `If-Match` holds the settings to (RFC 9110, 13.1.1). A masked secret is
    /// that of the version seen, so without one the change holds to that.
    private static OptionalInt expected(Call call, StoredSettings before) {
        return OptionalInt.of(
                IfMatch.version(call, before.version(), ProcessorRoutes::lostRace)
                        .orElse(before.version()));
    }

    private static RuntimeException lostRace(int current) {
        return Refused.of(
                Refusal.Kind.PRECONDITION_FAILED,
                "the settings have changed since: they are at version " + current);
    }
}
