package carillon.console;

import carillon.json.Json;
import carillon.json.JsonException;
import carillon.json.Problem;
import carillon.json.Problems;
import carillon.web.Answer;
import carillon.web.Call;
import carillon.web.Permission;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// What the editors of agents, webhooks, models and budgets have in common: the page, reading what
/// was typed in, and the version that whoever typed has seen.
final class Definitions {
    private Definitions() {}

    static Answer page(
            int status, Call call, DefinitionView.Place place, String text, List<String> problems) {
        var view = new DefinitionView(place, text, problems, call.may(Permission.EDIT));
        return Pages.page(status, call, place.heading(), "definition.jte", view);
    }

    /// What `reading` makes of the text, which adds to `problems` what it does not take. Empty
    /// exactly when something was added to them.
    static <T> Optional<T> read(
            String text, Problems problems, Function<JsonNode, Optional<T>> reading) {
        try {
            return reading.apply(Json.read(text));
        } catch (JsonException e) {
            problems.add("", e.getMessage());
            return Optional.empty();
        }
    }

    static List<String> words(Problems problems) {
        return problems.list().stream().map(Problem::toString).toList();
    }

    /// The version that whoever typed has seen.
    static Optional<Integer> seen(Call call) {
        return call.field("version")
                .flatMap(Inputs::id)
                .filter(number -> number <= Integer.MAX_VALUE)
                .map(Long::intValue);
    }

    /// Somebody else was first.
    static List<String> changed(String what, int seen, int current) {
        return List.of(
                ("The %s was at version %d when you began and is at version %d now."
                                + " Look at what has changed; saving again replaces it.")
                        .formatted(what, seen, current));
    }
}
