package carillon.prompt;

import carillon.prompt.Rendering.BrokenInclude;
import carillon.prompt.Rendering.BrokenInclude.Reason;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// Puts values into a template and into those that it includes, within bounds. Used once.
///
/// An included prompt sees what the one that includes it was given, and that one's presets before
/// its own. Each value is put in once, as it is.
final class Expansion {
    static final int MAX_DEPTH = 10;
    static final int MAX_INCLUDES = 200;

    /// Of what is rendered, in UTF-16 units.
    static final int MAX_LENGTH = 1024 * 1024;

    private final Function<String, Optional<PromptDefinition>> prompts;
    private final Map<String, String> builtins;
    private final Map<String, Optional<Source>> sources = new HashMap<>();
    private final Set<String> missing = new LinkedHashSet<>();
    private final Set<String> declared = new LinkedHashSet<>();
    private Optional<Rendering> failure = Optional.empty();
    private int includes;

    /// A definition whose text has been read.
    private record Source(PromptDefinition definition, PromptTemplate.Reading reading) {
        static Source of(PromptDefinition definition) {
            return new Source(definition, PromptTemplate.read(definition.text()));
        }
    }

    /// `prompts` finds what is included, by name; built-in variables that `builtins` lacks are
    /// empty.
    Expansion(Function<String, Optional<PromptDefinition>> prompts, Map<String, String> builtins) {
        this.prompts = prompts;
        this.builtins = new HashMap<>(builtins);
        Builtins.NAMES.forEach(name -> this.builtins.putIfAbsent(name, ""));
    }

    /// The whole text; empty when there is a [#failure], and without the values [#missing].
    String expand(PromptDefinition definition, Map<String, String> given) {
        return expand(Source.of(definition), given, List.of(definition.name()));
    }

    /// The same for a text that no prompt has. No prompt can be called as the chain calls it.
    String expandText(String text, Map<String, String> given) {
        var definition = new PromptDefinition("text", "", "", List.of(), text, List.of());
        return expand(Source.of(definition), given, List.of("(text)"));
    }

    /// What stopped the work, if something did.
    Optional<Rendering> failure() {
        return failure;
    }

    List<String> missing() {
        return List.copyOf(missing);
    }

    /// The names of all variables that the prompts involved declare.
    Set<String> declared() {
        return Set.copyOf(declared);
    }

    /// The recursion is bounded by [#MAX_DEPTH].
    private String expand(Source source, Map<String, String> outer, List<String> chain) {
        return switch (source.reading) {
            case PromptTemplate.Reading.Bad _ -> fail(new BrokenInclude(chain, Reason.UNREADABLE));
            case PromptTemplate.Reading.Good(var template) -> {
                var values = passedOn(source.definition, outer);
                var included = include(template, values, chain);
                yield failure.isPresent()
                        ? ""
                        : fill(template, ownValues(source.definition, template, values), included);
            }
        };
    }

    /// What this prompt was given, and its presets.
    private Map<String, String> passedOn(PromptDefinition definition, Map<String, String> outer) {
        var values = new HashMap<>(outer);
        for (var variable : definition.variables()) {
            declared.add(variable.name());
            variable.preset().ifPresent(preset -> values.putIfAbsent(variable.name(), preset));
            if (variable.required() && !values.containsKey(variable.name())) {
                missing.add(variable.name());
            }
        }
        return values;
    }

    /// A value for each variable in the text: those without one are empty.
    private Map<String, String> ownValues(
            PromptDefinition definition, PromptTemplate template, Map<String, String> values) {
        var own = new HashMap<>(values);
        definition.variables().forEach(variable -> own.putIfAbsent(variable.name(), ""));
        own.putAll(builtins);
        for (var name : template.variables()) {
            if (own.putIfAbsent(name, "") == null) {
                missing.add(name);
            }
        }
        return own;
    }

    /// What the template includes, by name.
    private Map<String, String> include(
            PromptTemplate template, Map<String, String> values, List<String> chain) {
        var included = new HashMap<String, String>();
        long length = 0;
        for (var name : template.includes()) {
            var text = include(name, values, chain);
            length += text.length();
            if (length > MAX_LENGTH) {
                fail(new Rendering.TooLong(MAX_LENGTH));
            }
            if (failure.isPresent()) {
                break;
            }
            included.put(name, text);
        }
        return included;
    }

    private String include(String name, Map<String, String> values, List<String> chain) {
        var longer = new ArrayList<>(chain);
        longer.add(name);
        if (chain.contains(name)) {
            return fail(new BrokenInclude(longer, Reason.CYCLE));
        }
        if (chain.size() > MAX_DEPTH) {
            return fail(new BrokenInclude(longer, Reason.TOO_DEEP));
        }
        if (++includes > MAX_INCLUDES) {
            return fail(new BrokenInclude(longer, Reason.TOO_MANY));
        }
        return sources.computeIfAbsent(name, wanted -> prompts.apply(wanted).map(Source::of))
                .map(source -> expand(source, values, longer))
                .orElseGet(() -> fail(new BrokenInclude(longer, Reason.UNKNOWN)));
    }

    private String fill(
            PromptTemplate template, Map<String, String> values, Map<String, String> included) {
        return template.length(values, included) > MAX_LENGTH
                ? fail(new Rendering.TooLong(MAX_LENGTH))
                : template.render(values, included);
    }

    private String fail(Rendering why) {
        failure = failure.or(() -> Optional.of(why));
        return "";
    }
}
