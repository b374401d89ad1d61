package carillon.processor;

import carillon.prompt.PromptTemplate;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// A template over [Facts]: the same logic-less Mustache as that of prompts, without includes.
public final class ProcessorTemplate {
    public static final int MAX_LENGTH = 20_000;

    /// What one rendering makes has at most so many characters.
    public static final int MAX_RENDERED = 2 * 1024 * 1024;

    private final PromptTemplate template;

    private ProcessorTemplate(PromptTemplate template) {
        this.template = template;
    }

    /// What is wrong with a text as a template, if anything is.
    public static Optional<String> fault(String text) {
        if (text.length() > MAX_LENGTH) {
            return Optional.of("must have at most " + MAX_LENGTH + " characters");
        }
        return switch (PromptTemplate.read(text)) {
            case PromptTemplate.Reading.Bad(var problems) ->
                    Optional.of(String.join("; ", problems));
            case PromptTemplate.Reading.Good(var template) -> fault(template);
        };
    }

    private static Optional<String> fault(PromptTemplate template) {
        if (!template.includes().isEmpty()) {
            return Optional.of("a processor's template includes no prompts");
        }
        return template.variables().stream()
                .filter(name -> !Facts.NAMES.contains(name))
                .findFirst()
                .map(
                        name ->
                                "there is no variable '%s'; there are %s"
                                        .formatted(name, String.join(", ", Facts.NAMES)));
    }

    /// Reads a text in which [#fault] finds nothing.
    public static ProcessorTemplate of(String text) {
        var fault = fault(text);
        if (fault.isPresent()
                || !(PromptTemplate.read(text) instanceof PromptTemplate.Reading.Good good)) {
            throw new IllegalArgumentException("no template: " + fault.orElse(""));
        }
        return new ProcessorTemplate(good.template());
    }

    /// The text with the facts in it, each as `escape` writes it. Throws
    /// [RenderingTooLongException] when it would have more than [#MAX_RENDERED] characters.
    public String render(Facts facts, UnaryOperator<String> escape) {
        return render(facts.values(escape));
    }

    /// The text with the same value for each variable.
    public String renderAll(String value) {
        return render(Facts.all(value));
    }

    private String render(Map<String, String> values) {
        if (template.length(values, Map.of()) > MAX_RENDERED) {
            throw new RenderingTooLongException(MAX_RENDERED);
        }
        return template.render(values, Map.of());
    }
}
