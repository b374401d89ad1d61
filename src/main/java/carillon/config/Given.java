package carillon.config;

import carillon.json.Nearest;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/// The values given for keys, each with its source, and what was found wrong with them. A value can
/// be written as text in every source: numbers, `true` and `false`, lists with commas, maps as
/// `name=value` with commas.
final class Given {
    private static final Pattern COMMA = Pattern.compile("\\s*,\\s*");

    private record Value(JsonNode node, String source) {}

    private final Map<String, Value> values = new LinkedHashMap<>();
    private final List<ConfigProblem> problems = new ArrayList<>();

    /// Adds a value from the file, where each key stands once.
    void put(String key, JsonNode node, String source) {
        if (values.putIfAbsent(key, new Value(node, source)) != null) {
            problem(source, key, "is given twice");
        }
    }

    /// Takes the place of what a weaker source said.
    void override(String key, String text, String source) {
        values.put(key, new Value(TextNode.valueOf(text), source));
    }

    void problem(String source, String key, String message) {
        problems.add(new ConfigProblem(source, key, message));
    }

    /// Notes a problem with the value of a key, wherever it stands.
    void problem(String key, String message) {
        var value = values.get(key);
        problem(value == null ? "" : value.source, key, message);
    }

    /// Notes a problem with a part of the value of a key, which stands at `path`.
    void problemAt(String key, String path, String message) {
        var value = values.get(key);
        problem(value == null ? "" : value.source, path, message);
    }

    List<ConfigProblem> problems() {
        return List.copyOf(problems);
    }

    void refuseUnknown(List<String> known) {
        values.forEach(
                (key, value) -> {
                    if (!known.contains(key)) {
                        var meant = Nearest.to(key, known);
                        problem(
                                value.source,
                                "",
                                "unknown key '"
                                        + key
                                        + "'"
                                        + meant.map(name -> ": did you mean '" + name + "'?")
                                                .orElse(""));
                    }
                });
    }

    boolean has(String key) {
        return values.containsKey(key);
    }

    /// The value as it stands.
    Optional<JsonNode> node(String key) {
        return Optional.ofNullable(values.get(key)).map(Value::node);
    }

    /// A scalar as text.
    Optional<String> text(String key) {
        var value = values.get(key);
        if (value == null) {
            return Optional.empty();
        }
        if (!value.node.isValueNode() || value.node.isNull() || value.node.asText().isBlank()) {
            problem(key, "must have a value");
            return Optional.empty();
        }
        return Optional.of(value.node.asText().strip());
    }

    /// A scalar that `read` understands; `expected` completes the sentence "must be …".
    <T> Optional<T> value(String key, String expected, Function<String, Optional<T>> read) {
        var text = text(key);
        var value = text.flatMap(read);
        if (text.isPresent() && value.isEmpty()) {
            problem(key, "must be " + expected);
        }
        return value;
    }

    int number(String key, int min, int max, int standard) {
        return value(key, "a whole number from " + min + " to " + max, Given::wholeNumber)
                .filter(
                        number -> {
                            boolean fits = number >= min && number <= max;
                            if (!fits) {
                                problem(key, "must be a whole number from " + min + " to " + max);
                            }
                            return fits;
                        })
                .orElse(standard);
    }

    private static Optional<Integer> wholeNumber(String text) {
        return text.matches("-?\\d{1,9}") ? Optional.of(Integer.parseInt(text)) : Optional.empty();
    }

    boolean truth(String key, boolean standard) {
        return value(
                        key,
                        "true or false",
                        text ->
                                switch (text) {
                                    case "true" -> Optional.of(true);
                                    case "false" -> Optional.of(false);
                                    case String _ -> Optional.empty();
                                })
                .orElse(standard);
    }

    ZoneId zone(String key, ZoneId standard) {
        return value(key, "a time zone such as Europe/Berlin or UTC", Given::zone).orElse(standard);
    }

    private static Optional<ZoneId> zone(String text) {
        try {
            return Optional.of(ZoneId.of(text));
        } catch (DateTimeException _) {
            return Optional.empty();
        }
    }

    List<String> list(String key) {
        var value = values.get(key);
        if (value == null) {
            return List.of();
        }
        if (value.node.isTextual()) {
            return text(key)
                    .map(COMMA::splitAsStream)
                    .map(items -> items.toList())
                    .orElse(List.of());
        }
        var items = new ArrayList<String>();
        for (var item : value.node) {
            if (item.isValueNode() && !item.isNull()) {
                items.add(item.asText());
            } else {
                problem(key, "must be a list of texts");
            }
        }
        if (!value.node.isArray()) {
            problem(key, "must be a list of texts");
            return List.of();
        }
        return items;
    }

    Map<String, String> map(String key) {
        var value = values.get(key);
        if (value == null) {
            return Map.of();
        }
        var entries = new LinkedHashMap<String, String>();
        if (value.node instanceof ObjectNode object) {
            object.properties().forEach(e -> entries.put(e.getKey(), e.getValue().asText()));
            return entries;
        }
        for (var entry : list(key)) {
            int sign = entry.indexOf('=');
            if (sign < 1) {
                problem(key, "must be a map, as text name=value,name=value");
                return Map.of();
            }
            entries.put(entry.substring(0, sign), entry.substring(sign + 1));
        }
        return entries;
    }
}
