package carillon.batch;

import static java.util.Objects.requireNonNull;

import carillon.ai.Model;
import carillon.ai.ModelSource;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// What every row of a batch is measured by. Not for several threads at once.
final class RowRules {
    private static final int MAX_REMEMBERED = 1_000;

    private final Optional<String> model;
    private final Optional<ModelSource> models;
    private final Optional<FillIn> fillIn;
    private final Map<String, Optional<Model>> found = new HashMap<>();

    private final boolean priced;

    /// `model` is asked by rows that name none; without `models`, names of models are not judged;
    /// `priced` wants models whose prices are known.
    RowRules(
            Optional<String> model,
            Optional<ModelSource> models,
            Optional<FillIn> fillIn,
            boolean priced) {
        this.model = requireNonNull(model, "model");
        this.models = requireNonNull(models, "models");
        this.fillIn = requireNonNull(fillIn, "fillIn");
        this.priced = priced;
    }

    /// Those of a batch that began then. In a dry run every name of a model will do, and none too.
    /// Throws [BatchException] for a template that is none.
    static RowRules of(
            BatchOrder.Saying saying, ModelSource models, boolean priced, Instant began) {
        var fillIn = saying.template().map(text -> fillIn(text, began));
        return saying.dryRun()
                ? new RowRules(
                        saying.model().or(() -> Optional.of(Model.ECHO_NAME)),
                        Optional.empty(),
                        fillIn,
                        false)
                : new RowRules(saying.model(), Optional.of(models), fillIn, priced);
    }

    private static FillIn fillIn(String text, Instant began) {
        return switch (FillIn.read(text, began)) {
            case FillIn.Reading.Good(var good) -> good;
            case FillIn.Reading.Bad(var reason) ->
                    throw new BatchException(
                            BatchEnd.Cause.SETTINGS, "the prompt cannot be filled in: " + reason);
        };
    }

    Optional<FillIn> fillIn() {
        return fillIn;
    }

    /// Whether a row of the same columns always asks the same.
    boolean sameQuestions() {
        return fillIn.filter(FillIn::mayTellTime).isEmpty();
    }

    /// The model that a row which names this one, or none, is put to.
    Optional<String> modelFor(Optional<String> named) {
        return named.or(() -> model);
    }

    /// Why a row cannot be put to that model; empty when it can.
    Optional<String> modelFault(String name) {
        if (models.isEmpty()) {
            return Optional.empty();
        }
        var known = find(name);
        if (known.isEmpty()) {
            return Optional.of("there is no model '" + RowDraft.shown(name) + "'");
        }
        return priced && known.get().prices().isEmpty()
                ? Optional.of(
                        "the model '"
                                + RowDraft.shown(name)
                                + "' has no prices, so no budget can be kept")
                : Optional.empty();
    }

    /// The model of that name; without `models`, one that echoes.
    Optional<Model> find(String name) {
        if (found.size() >= MAX_REMEMBERED) {
            found.clear();
        }
        return found.computeIfAbsent(name, this::lookUp);
    }

    private Optional<Model> lookUp(String name) {
        return models.isPresent() ? models.get().find(name) : Optional.of(echo(name));
    }

    private static Model echo(String name) {
        var echo = Model.ECHO;
        return new Model(
                name,
                echo.provider(),
                echo.model(),
                echo.endpoint(),
                echo.defaults(),
                echo.terms(),
                echo.fallbacks(),
                echo.timeout());
    }
}
