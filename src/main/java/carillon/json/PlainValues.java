package carillon.json;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// JSON as plain values, for rules that know no JSON: maps, lists, texts, [java.math.BigDecimal]
/// and [Boolean]. A field that is `null` is left out; in a list it keeps its place.
public final class PlainValues {
    private PlainValues() {}

    /// Throws [IllegalArgumentException] for `null`, which is no value.
    public static Object of(JsonNode node) {
        var value = orNull(node);
        if (value == null) {
            throw new IllegalArgumentException("null is no value");
        }
        return value;
    }

    private static @Nullable Object orNull(JsonNode node) {
        return switch (node.getNodeType()) {
            case OBJECT -> object(node);
            case ARRAY -> array(node);
            case NUMBER -> node.decimalValue();
            case BOOLEAN -> node.booleanValue();
            case STRING -> node.textValue();
            case NULL, MISSING, BINARY, POJO -> null;
        };
    }

    private static Map<String, Object> object(JsonNode node) {
        var object = new LinkedHashMap<String, Object>();
        for (var entry : node.properties()) {
            var value = orNull(entry.getValue());
            if (value != null) {
                object.put(entry.getKey(), value);
            }
        }
        return object;
    }

    private static List<@Nullable Object> array(JsonNode node) {
        var array = new ArrayList<@Nullable Object>(node.size());
        node.forEach(item -> array.add(orNull(item)));
        return array;
    }
}
