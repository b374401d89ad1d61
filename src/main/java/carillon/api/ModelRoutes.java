package carillon.api;

import carillon.ai.Model;
import carillon.ai.Models;
import carillon.ai.StoredModel;
import carillon.json.Fields;
import carillon.json.Json;
import carillon.json.ModelJson;
import carillon.json.Problems;
import carillon.web.Answer;
import carillon.web.Call;
import carillon.web.Permission;
import carillon.web.Refusal;
import carillon.web.Route;
import carillon.web.Route.Method;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/// `/models`: made, changed and tried. A model is reached by its id or by its name; those of the
/// configuration are shown and cannot be changed, those that the administrator has given a key for
/// are not listed, but can be tried.
public final class ModelRoutes {
    private static final String MODELS = "/api/v1/models";
    private static final String MODEL = MODELS + "/{id}";
    private static final Set<String> READ_ONLY =
            Set.of("id", "version", "created_at", "updated_at", "source", "listed_prices");
    private static final int MAX_TEXT_LENGTH = 200_000;

    private final Models models;
    private final ModelTrial trial;

    public ModelRoutes(Models models, ModelTrial trial) {
        this.models = models;
        this.trial = trial;
    }

    public List<Route> routes() {
        return List.of(
                new Route(Method.GET, MODELS, Permission.VIEW, this::list),
                new Route(Method.POST, MODELS, Permission.EDIT, this::create),
                new Route(Method.GET, MODELS + "/prices", Permission.VIEW, _ -> prices()),
                new Route(Method.GET, MODEL, Permission.VIEW, this::find),
                new Route(Method.PUT, MODEL, Permission.EDIT, this::update),
                new Route(Method.DELETE, MODEL, Permission.EDIT, this::delete),
                new Route(Method.GET, MODEL + "/config", Permission.VIEW, this::config),
                new Route(Method.PUT, MODEL + "/config", Permission.EDIT, this::configure),
                new Route(Method.POST, MODEL + "/test", Permission.OPERATE, this::test));
    }

    private ObjectNode view(StoredModel stored) {
        var view = Json.object().put("id", stored.id());
        view.setAll(ModelJson.shown(stored.model()));
        putListed(view.put("source", "api"), stored.model());
        return view.put("version", stored.version())
                .put("created_at", stored.createdAt().toString())
                .put("updated_at", stored.updatedAt().toString());
    }

    /// A model of the configuration has no id and no version.
    private ObjectNode view(Model configured) {
        var view = Json.object().putNull("id");
        view.setAll(ModelJson.shown(configured));
        putListed(view.put("source", "configuration"), configured);
        return view.putNull("version").putNull("created_at").putNull("updated_at");
    }

    /// What it costs by the list of prices, where it says none itself.
    private void putListed(ObjectNode view, Model model) {
        view.putNull("listed_prices");
        models.listed(model)
                .ifPresent(
                        prices ->
                                view.putObject("listed_prices")
                                        .put("input", prices.input())
                                        .put("output", prices.output())
                                        .put("date", models.prices().date().toString()));
    }

    private Answer prices() {
        var view = Json.object().put("date", models.prices().date().toString());
        var data = view.putArray("data");
        for (var entry : models.prices().entries()) {
            data.addObject()
                    .put("host", entry.host())
                    .put("model", entry.model())
                    .put("input", entry.prices().input())
                    .put("output", entry.prices().output());
        }
        return Answer.ok(view);
    }

    private Answer find(Call call) {
        var configured = models.configured(call.path("id"));
        return configured.isPresent()
                ? Answer.ok(view(configured.get()))
                : shown(200, require(call));
    }

    private Answer shown(int status, StoredModel stored) {
        var headers = Map.of("ETag", IfMatch.etag(stored.version()));
        return new Answer(status, view(stored), Answer.JSON, headers);
    }

    private StoredModel require(Call call) {
        var wanted = call.path("id");
        if (models.configured(wanted).isPresent()) {
            throw Refused.of(
                    Refusal.Kind.CONFLICT,
                    "model '" + wanted + "' stands in the server's configuration: change it there");
        }
        return models.stored(wanted).orElseThrow(() -> noModel(wanted));
    }

    private static RuntimeException noModel(String wanted) {
        var shown = wanted.length() > 40 ? wanted.substring(0, 40) + "…" : wanted;
        return Refused.of(Refusal.Kind.NOT_FOUND, "there is no model " + shown);
    }

    private Answer list(Call call) {
        int limit = Parameters.limit(call);
        var found = models.list(Parameters.cursor(call).orElse(Long.MAX_VALUE), limit + 1);
        var page = Page.of(found, limit, StoredModel::id, this::view);
        return Answer.ok(call.query("cursor").isPresent() ? page : withConfigured(page));
    }

    /// Those of the configuration stand first, on the first page, beside its `limit` others.
    private ObjectNode withConfigured(ObjectNode page) {
        var all = Json.object().putArray("data");
        models.configured().forEach(model -> all.add(view(model)));
        all.addAll((ArrayNode) page.path("data"));
        page.set("data", all);
        return page;
    }

    private static Model read(JsonNode body, Optional<Model> previous, Set<String> readOnly) {
        var problems = new Problems();
        return ModelJson.read(body, previous, readOnly, problems)
                .orElseThrow(() -> Refused.of(problems));
    }

    private Answer create(Call call) {
        var model = read(call.json(), Optional.empty(), Set.of());
        var made =
                models.create(model)
                        .orElseThrow(
                                () ->
                                        Refused.of(
                                                Refusal.Kind.CONFLICT,
                                                "there is a model with this name"));
        return shown(201, made).withHeader("Location", MODELS + "/" + made.id());
    }

    private Answer update(Call call) {
        var before = require(call);
        return shown(
                200,
                change(call, before, read(call.json(), Optional.of(before.model()), READ_ONLY)));
    }

    private StoredModel change(Call call, StoredModel before, Model model) {
        return switch (models.update(before.id(), model, expected(call, before))) {
            case Models.Changed.Done(var after) -> after;
            case Models.Changed.NotFound() -> throw noModel(call.path("id"));
            case Models.Changed.Conflict(int current) -> throw lostRace(current);
        };
    }

    /// The version that `If-Match` holds the model to (RFC 9110, 13.1.1). A masked key is that of
    /// the version seen, so without one the change holds to that.
    private static OptionalInt expected(Call call, StoredModel before) {
        return OptionalInt.of(
                IfMatch.version(call, before.version(), ModelRoutes::lostRace)
                        .orElse(before.version()));
    }

    private static RuntimeException lostRace(int current) {
        return Refused.of(
                Refusal.Kind.PRECONDITION_FAILED,
                "the model has changed since: it is at version " + current);
    }

    private Answer delete(Call call) {
        var model = require(call);
        if (!models.delete(model.id())) {
            throw noModel(call.path("id"));
        }
        return Answer.ok(Map.of("id", model.id(), "deleted", true));
    }

    private Answer config(Call call) {
        var configured = models.configured(call.path("id"));
        return Answer.ok(config(configured.orElseGet(() -> require(call).model())));
    }

    private static ObjectNode config(Model model) {
        return ModelJson.shown(model).retain(ModelJson.CONFIG);
    }

    /// What is left out has its default, as in a `PUT` of the whole.
    private Answer configure(Call call) {
        var before = require(call);
        var problems = new Problems();
        var sent = Fields.of(call.json(), "", problems);
        sent.ifPresent(
                fields -> {
                    fields.allow(ModelJson.CONFIG);
                    fields.done();
                });
        if (!problems.isEmpty()) {
            throw Refused.of(problems);
        }
        var whole = ModelJson.shown(before.model()).remove(ModelJson.CONFIG);
        whole.setAll((ObjectNode) call.json());
        var model = read(whole, Optional.of(before.model()), Set.of());
        return Answer.ok(config(change(call, before, model).model()));
    }

    private Answer test(Call call) throws InterruptedException {
        var wanted = call.path("id");
        var name = models.stored(wanted).map(stored -> stored.model().name()).orElse(wanted);
        var model = models.find(name).orElseThrow(() -> noModel(wanted));
        var problems = new Problems();
        var fields = Fields.of(call.json(), "", problems);
        var text = fields.flatMap(body -> body.requiredText("text", MAX_TEXT_LENGTH));
        fields.ifPresent(Fields::done);
        if (text.isEmpty() || !problems.isEmpty()) {
            throw Refused.of(problems);
        }
        return Answer.ok(trial.of(model, text.get(), call.caller()));
    }
}
