package carillon.console;

import carillon.ai.Limits;
import carillon.ai.Model;
import carillon.ai.Models;
import carillon.ai.Prices;
import carillon.json.Fields;
import carillon.web.Answer;
import carillon.web.Call;
import carillon.web.Permission;
import carillon.web.Route;
import carillon.web.Route.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/// The models, as they stand.
final class ModelRoutes {
    static final String MODELS = "/models";

    private static final int ROWS = 50;

    private final Models models;

    ModelRoutes(Models models) {
        this.models = models;
    }

    List<Route> routes() {
        return List.of(new Route(Method.GET, MODELS, Permission.VIEW, this::list));
    }

    private Answer list(Call call) {
        var before = Inputs.before(call);
        var found = models.list(before.orElse(Long.MAX_VALUE), ROWS + 1);
        var shown = found.subList(0, Math.min(ROWS, found.size()));
        var older =
                found.size() > ROWS ? OptionalLong.of(shown.getLast().id()) : OptionalLong.empty();
        var rows = new ArrayList<ModelListView.ModelRow>();
        if (before.isEmpty()) {
            models.configured()
                    .forEach(
                            model ->
                                    rows.add(
                                            row(OptionalLong.empty(), model, "the configuration")));
        }
        for (var stored : shown) {
            var id = OptionalLong.of(stored.id());
            rows.add(row(id, stored.model(), "version " + stored.version()));
        }
        var view = new ModelListView(rows, older, call.may(Permission.EDIT));
        return Pages.page(call, "Models", "models.jte", view);
    }

    private ModelListView.ModelRow row(OptionalLong id, Model model, String source) {
        var provider = Fields.word(model.provider());
        var listed = models.listed(model);
        return new ModelListView.ModelRow(
                id,
                model.name(),
                model.model().equals(model.name()) ? provider : provider + ": " + model.model(),
                model.endpoint().map(place -> place.baseUrl().getHost()).orElse("built in"),
                model.prices().or(() -> listed).map(ModelRoutes::words).orElse("unknown"),
                listed.map(_ -> "listed " + models.prices().date()).orElse(""),
                limits(model.terms().limits()),
                model.fallbacks().isEmpty() ? Words.NOTHING : String.join(", ", model.fallbacks()),
                source);
    }

    private static String words(Prices prices) {
        return prices.areFree()
                ? "free"
                : "$%s in, $%s out"
                        .formatted(prices.input().toPlainString(), prices.output().toPlainString());
    }

    private static String limits(Limits limits) {
        var words = new ArrayList<String>();
        limits.requestsPerMinute()
                .ifPresent(max -> words.add(Words.number(max) + " requests a minute"));
        limits.tokensPerMinute()
                .ifPresent(max -> words.add(Words.number(max) + " tokens a minute"));
        limits.concurrent().ifPresent(max -> words.add(Words.number(max) + " at once"));
        return words.isEmpty() ? Words.NOTHING : String.join(", ", words);
    }
}
