package carillon.console;

import carillon.ai.Model;
import carillon.ai.Models;
import carillon.ai.StoredModel;
import carillon.json.ModelJson;
import carillon.json.Problems;
import carillon.web.Answer;
import carillon.web.Call;
import carillon.web.Permission;
import carillon.web.Route;
import carillon.web.Route.Method;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/// Writing models: new ones, changes, and deleting. A definition is written as the native API takes
/// it, and never shows its key. Those of the configuration are written there.
final class ModelEditorRoutes {
    private static final String MODEL = ModelRoutes.MODELS + "/{id}";
    private static final String EXAMPLE =
            """
            {
              "name": "fast",
              "provider": "openai",
              "model": "gpt-4o-mini",
              "base_url": "https://api.openai.com/v1",
              "api_key": "",
              "prices": {"input": 0.15, "output": 0.60},
              "quotas": {"requests_per_minute": 500, "concurrent": 20}
            }
            """;
    private static final List<String> TAKEN = List.of("name: there is a model with this name");
    private static final DefinitionView.Place NEW =
            DefinitionView.Place.of("New model", ModelRoutes.MODELS, 0);

    private final Models models;

    ModelEditorRoutes(Models models) {
        this.models = models;
    }

    List<Route> routes() {
        return List.of(
                new Route(Method.GET, ModelRoutes.MODELS + "/new", Permission.VIEW, this::begin),
                new Route(Method.POST, ModelRoutes.MODELS, Permission.EDIT, this::create),
                new Route(Method.GET, MODEL + "/edit", Permission.VIEW, this::edit),
                new Route(Method.POST, MODEL, Permission.EDIT, this::update),
                new Route(Method.POST, MODEL + "/delete", Permission.EDIT, this::delete));
    }

    private Answer begin(Call call) {
        return Definitions.page(200, call, NEW, EXAMPLE, List.of());
    }

    private StoredModel require(Call call) {
        return Inputs.id(call.path("id"))
                .flatMap(id -> models.stored(Long.toString(id)))
                .orElseThrow(() -> Inputs.none("model"));
    }

    private Answer edit(Call call) {
        var model = require(call);
        var text = ModelJson.shown(model.model()).toPrettyString();
        return Definitions.page(200, call, place(model), text, List.of());
    }

    private static DefinitionView.Place place(StoredModel model) {
        return DefinitionView.Place.deletable(
                "Edit " + model.model().name(),
                ModelRoutes.MODELS + "/" + model.id(),
                model.version(),
                "Prompts, agents and batches that name it fail from then on.");
    }

    private static Optional<Model> read(String text, Optional<Model> before, Problems problems) {
        return Definitions.read(
                text, problems, json -> ModelJson.read(json, before, Set.of(), problems));
    }

    private Answer create(Call call) {
        var text = EditorRoutes.text(call);
        var problems = new Problems();
        var model = read(text, Optional.empty(), problems);
        if (model.isEmpty()) {
            return Definitions.page(400, call, NEW, text, Definitions.words(problems));
        }
        return models.create(model.get()).isPresent()
                ? Pages.seeOther(ModelRoutes.MODELS)
                : Definitions.page(409, call, NEW, text, TAKEN);
    }

    /// Nobody's change is lost: what was read must still be what is replaced.
    private Answer update(Call call) {
        var text = EditorRoutes.text(call);
        var before = require(call);
        var place = place(before);
        var problems = new Problems();
        var model = read(text, Optional.of(before.model()), problems);
        if (model.isEmpty()) {
            return Definitions.page(400, call, place, text, Definitions.words(problems));
        }
        int seen = Definitions.seen(call).orElse(before.version());
        return switch (models.update(before.id(), model.get(), OptionalInt.of(seen))) {
            case Models.Changed.Done _ -> Pages.seeOther(ModelRoutes.MODELS);
            case Models.Changed.NotFound() -> throw Inputs.none("model");
            case Models.Changed.Conflict(int current) ->
                    Definitions.page(
                            409, call, place, text, Definitions.changed("model", seen, current));
        };
    }

    private Answer delete(Call call) {
        if (!models.delete(require(call).id())) {
            throw Inputs.none("model");
        }
        return Pages.seeOther(ModelRoutes.MODELS);
    }
}
