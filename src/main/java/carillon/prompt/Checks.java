package carillon.prompt;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// What a definition must satisfy before it is stored, beyond the guards of its record.
final class Checks {
    private static final String TEXT = "text";

    private Checks() {}

    /// What is wrong with `definition`; `others` finds the prompts that it can include, by name, as
    /// they will stand once it has been stored.
    static List<Fault> of(
            PromptDefinition definition, Function<String, Optional<PromptDefinition>> others) {
        return switch (PromptTemplate.read(definition.text())) {
            case PromptTemplate.Reading.Bad(var problems) ->
                    problems.stream().map(problem -> new Fault(TEXT, problem)).toList();
            case PromptTemplate.Reading.Good(var template) -> {
                var faults = new ArrayList<Fault>();
                unknownVariables(definition, template, faults);
                if (!template.includes().isEmpty()) {
                    includes(definition, template, others, faults);
                }
                yield faults;
            }
        };
    }

    private static void unknownVariables(
            PromptDefinition definition, PromptTemplate template, List<Fault> faults) {
        var known = definition.variables().stream().map(Variable::name).collect(Collectors.toSet());
        known.addAll(Builtins.NAMES);
        template.unknown(known).stream()
                .map(
                        unknown ->
                                unknown
                                        + ": declare it in variables (built in are "
                                        + String.join(", ", Builtins.NAMES)
                                        + ")")
                .forEach(message -> faults.add(new Fault(TEXT, message)));
    }

    private static void includes(
            PromptDefinition definition,
            PromptTemplate template,
            Function<String, Optional<PromptDefinition>> others,
            List<Fault> faults) {
        var trial = new Expansion(others, Map.of());
        trial.expand(definition, Map.of());
        if (trial.failure().isEmpty()) {
            return;
        }
        switch (trial.failure().get()) {
            case Rendering.BrokenInclude broken ->
                    faults.add(
                            new Fault(
                                    TEXT,
                                    "broken include at "
                                            + template.placeOfInclude(broken.chain().get(1))
                                            + ": "
                                            + broken.message()));
            case Rendering.TooLong(int maxLength) ->
                    faults.add(
                            new Fault(
                                    TEXT,
                                    "has more than "
                                            + maxLength
                                            + " characters with what it includes"));
            case Rendering.Rendered _, Rendering.NotFound _, Rendering.Missing _ ->
                    throw new IllegalStateException("no failure of an expansion");
        }
    }
}
