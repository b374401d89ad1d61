package carillon.config;

import carillon.ai.AdministratorModels;
import carillon.ai.Model;
import carillon.ai.PriceList;
import carillon.json.Json;
import carillon.json.JsonException;
import carillon.json.ModelJson;
import carillon.json.Problems;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Reads the keys `models` and `prices.file`. A model is as in the native API; `api_key_file` in it
/// names a file that has the key. Relative names are meant from the folder of the process.
final class ModelSettings {
    private static final String MODELS = "models";
    private static final String PRICES = "prices.file";
    private static final String KEY_FILE = "api_key_file";
    private static final int MAX_MODELS = 1_000;

    private final Given given;

    private ModelSettings(Given given) {
        this.given = given;
    }

    static AdministratorModels read(Given given, Map<String, String> environment) {
        var variables =
                ModelVariables.read(
                        environment, (variable, message) -> given.problem(variable, "", message));
        var settings = new ModelSettings(given);
        return new AdministratorModels(variables.grants(), settings.models(), settings.prices());
    }

    private List<Model> models() {
        var items = given.node(MODELS).flatMap(this::list).orElse(List.of());
        if (items.size() > MAX_MODELS) {
            given.problem(MODELS, "must have at most " + MAX_MODELS + " items");
            return List.of();
        }
        var models = new ArrayList<Model>();
        var names = new HashSet<String>();
        for (int i = 0; i < items.size(); i++) {
            var path = MODELS + "[" + i + "]";
            var problems = new Problems();
            var model = ModelJson.configured(withKey(items.get(i), path), path, problems);
            problems.list().forEach(one -> given.problemAt(MODELS, one.field(), one.message()));
            if (model.isPresent() && isFree(model.get().name(), names, path)) {
                models.add(model.get());
            }
        }
        return models;
    }

    private boolean isFree(String name, Set<String> names, String path) {
        boolean free = !name.equals(Model.ECHO_NAME) && names.add(name);
        if (!free) {
            given.problemAt(MODELS, path + ".name", "is taken: '" + name + "'");
        }
        return free;
    }

    /// In the environment, the list is JSON.
    private Optional<List<JsonNode>> list(JsonNode value) {
        var node = value;
        if (value.isTextual()) {
            try {
                node = Json.read(value.textValue());
            } catch (JsonException _) {
                given.problem(MODELS, "must be a list of models, in the environment as JSON");
                return Optional.empty();
            }
        }
        if (!node.isArray()) {
            given.problem(MODELS, "must be a list of models");
            return Optional.empty();
        }
        var items = new ArrayList<JsonNode>();
        node.forEach(items::add);
        return Optional.of(items);
    }

    /// The model with the key that its file has.
    private JsonNode withKey(JsonNode item, String path) {
        if (!(item instanceof ObjectNode model) || !model.path(KEY_FILE).isTextual()) {
            return item;
        }
        var copy = model.deepCopy();
        copy.remove(KEY_FILE);
        if (model.has("api_key")) {
            given.problemAt(MODELS, path + "." + KEY_FILE, "cannot stand beside 'api_key'");
            return copy;
        }
        text(model.path(KEY_FILE).textValue(), path + "." + KEY_FILE, MODELS)
                .ifPresent(key -> copy.put("api_key", key.strip()));
        return copy;
    }

    /// What a file says; empty, and a problem, when it cannot be read.
    private Optional<String> text(String name, String path, String key) {
        try {
            return Optional.of(Files.readString(Path.of(name)));
        } catch (IOException | InvalidPathException e) {
            var why = e.getClass().getSimpleName();
            given.problemAt(key, path, "names a file that cannot be read (" + why + "): " + name);
            return Optional.empty();
        }
    }

    private PriceList prices() {
        var shipped = PriceFile.shipped();
        var name = given.text(PRICES);
        if (name.isEmpty()) {
            return shipped;
        }
        var problems = new Problems();
        var own = text(name.get(), PRICES, PRICES).flatMap(text -> PriceFile.read(text, problems));
        problems.list()
                .forEach(
                        one ->
                                given.problem(
                                        PRICES,
                                        "("
                                                + name.get()
                                                + ") "
                                                + one.field()
                                                + " "
                                                + one.message()));
        return own.map(shipped::overriddenBy).orElse(shipped);
    }
}
