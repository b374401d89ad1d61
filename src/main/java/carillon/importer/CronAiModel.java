package carillon.importer;

import static java.util.Objects.requireNonNull;

import carillon.json.Json;
import carillon.json.ModelJson;
import carillon.json.Problem;
import carillon.json.Problems;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What a line of CronAI asks: the name of a model and, where the line has parameters, the model
/// that has to be made for them.
record CronAiModel(String name, Optional<ObjectNode> body, List<String> notes) {
    private static final Map<String, String> PROVIDERS =
            Map.of("openai", "openai", "claude", "anthropic", "gemini", "gemini", "echo", "echo");

    /// The models that are asked where neither the line nor the person who imports names one.
    static final Map<String, String> STANDARD =
            Map.of(
                    "openai", "gpt-4o-mini",
                    "claude", "claude-sonnet-4-5",
                    "gemini", "gemini-2.5-flash",
                    "echo", "echo");

    CronAiModel {
        requireNonNull(name, "name");
        requireNonNull(body, "body");
        notes = List.copyOf(notes);
    }

    static CronAiModel of(
            String family, Map<String, String> parameters, Map<String, String> standard) {
        var provider =
                Optional.ofNullable(PROVIDERS.get(family))
                        .orElseThrow(
                                () ->
                                        new NotImportedException(
                                                "the model '"
                                                        + family
                                                        + "' is none of openai, claude, gemini"));
        var mine = own(family, parameters);
        var notes = new ArrayList<String>();
        var model =
                Optional.ofNullable(mine.remove("model"))
                        .or(() -> Optional.ofNullable(standard.get(family)))
                        .or(() -> Optional.ofNullable(STANDARD.get(family)))
                        .orElseThrow();
        var fallbacks = Optional.ofNullable(mine.remove("fallback_models"));
        if (mine.remove("max_retries") != null) {
            notes.add("max_retries is not taken over: say 'retry' in the task");
        }
        var defaults = defaults(mine, notes);
        boolean bare = defaults.isEmpty() && fallbacks.isEmpty();
        if (bare || provider.equals("echo")) {
            return new CronAiModel(model, Optional.empty(), notes);
        }
        var mark = Lines.mark(model, defaults.toString(), fallbacks.orElse(""));
        var name = "cronai-" + family + "-" + mark;
        var body = CronAi.named(name).put("provider", provider).put("model", model);
        defaults.forEach(body.putObject("defaults")::set);
        fallbacks.ifPresent(
                names -> {
                    var array = body.putArray("fallbacks");
                    for (var one : names.split("\\|", -1)) {
                        array.add(standard.getOrDefault(one, STANDARD.getOrDefault(one, one)));
                    }
                });
        var problems = new Problems();
        if (ModelJson.read(body, Optional.empty(), Set.of(), problems).isEmpty()) {
            throw new NotImportedException(
                    String.join("; ", problems.list().stream().map(Problem::toString).toList()));
        }
        return new CronAiModel(name, Optional.of(body), notes);
    }

    /// The common parameters and those of this family, which come first: `openai.model` before
    /// `model`. Those of other families mean nothing here.
    private static Map<String, String> own(String family, Map<String, String> parameters) {
        var own = new LinkedHashMap<String, String>();
        parameters.forEach(
                (name, value) -> {
                    if (name.indexOf('.') < 0) {
                        own.put(word(name), value);
                    }
                });
        parameters.forEach(
                (name, value) -> {
                    if (name.toLowerCase(Locale.ROOT).startsWith(family + ".")) {
                        own.put(word(name.substring(family.length() + 1)), value);
                    }
                });
        return own;
    }

    private static String word(String name) {
        var lower = name.toLowerCase(Locale.ROOT);
        return switch (lower) {
            case "maxtokens" -> "max_tokens";
            case "topp" -> "top_p";
            case "systemmessage" -> "system_message";
            case "fallbackmodels" -> "fallback_models";
            case "maxretries" -> "max_retries";
            default -> lower;
        };
    }

    private static Map<String, JsonNode> defaults(
            Map<String, String> parameters, List<String> notes) {
        var values = Json.object();
        parameters.forEach(
                (name, value) -> {
                    switch (name) {
                        case "temperature", "top_p" -> values.put(name, number(name, value));
                        case "max_tokens" -> values.put(name, number(name, value).toBigInteger());
                        case "system_message" -> values.put("system", value);
                        default -> notes.add("the parameter '" + name + "' is not taken over");
                    }
                });
        var defaults = new LinkedHashMap<String, JsonNode>();
        values.properties().forEach(entry -> defaults.put(entry.getKey(), entry.getValue()));
        return defaults;
    }

    private static BigDecimal number(String name, String value) {
        if (!value.matches("\\d{1,9}(\\.\\d{1,9})?")) {
            throw new NotImportedException(name + " is no number: '" + value + "'");
        }
        return new BigDecimal(value);
    }
}
