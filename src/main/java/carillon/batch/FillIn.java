package carillon.batch;

import static java.util.Objects.requireNonNull;

import carillon.prompt.Builtins;
import carillon.prompt.PromptTemplate;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A template that makes each row's prompt from its columns. The built-in variables tell when the
/// batch began, in UTC; those that speak of runs are empty.
final class FillIn {
    private final PromptTemplate template;
    private final Map<String, String> builtins;

    private FillIn(PromptTemplate template, Map<String, String> builtins) {
        this.template = template;
        this.builtins = builtins;
    }

    /// What reading a template for a batch that began then comes to.
    sealed interface Reading {
        record Good(FillIn fillIn) implements Reading {}

        record Bad(String reason) implements Reading {}
    }

    static Reading read(String text, Instant began) {
        return switch (PromptTemplate.read(text)) {
            case PromptTemplate.Reading.Bad(var problems) ->
                    new Reading.Bad(String.join("; ", problems));
            case PromptTemplate.Reading.Good(var template) when !template.includes().isEmpty() ->
                    new Reading.Bad(
                            "the template includes "
                                    + String.join(", ", template.includes())
                                    + ", but there are no stored prompts here");
            case PromptTemplate.Reading.Good(var template) ->
                    new Reading.Good(new FillIn(template, builtins(began)));
        };
    }

    private static Map<String, String> builtins(Instant began) {
        var builtins = new HashMap<>(Builtins.at(began, ZoneOffset.UTC, began));
        Builtins.NAMES.forEach(name -> builtins.putIfAbsent(name, ""));
        return Map.copyOf(builtins);
    }

    Set<String> variables() {
        return template.variables();
    }

    /// Whether prompts may differ from one batch to the next though their columns do not.
    boolean mayTellTime() {
        return template.variables().stream().anyMatch(builtins::containsKey);
    }

    /// The variables that neither these columns nor the server give a value.
    List<String> missing(Set<String> columns) {
        var missing = new ArrayList<String>();
        for (var name : template.variables()) {
            if (!columns.contains(name) && !builtins.containsKey(name)) {
                missing.add(name);
            }
        }
        return missing;
    }

    /// The prompt; empty when it would be longer than [RowDraft#MAX_TEXT]. A column comes before a
    /// built-in variable of the same name.
    Optional<String> prompt(Map<String, String> columns) {
        requireNonNull(columns, "columns");
        var values = new HashMap<>(builtins);
        values.putAll(columns);
        return template.fill(values, RowDraft.MAX_TEXT);
    }
}
