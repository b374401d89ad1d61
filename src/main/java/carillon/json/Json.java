package carillon.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// Reads and writes JSON, strictly (RFC 8259): no duplicate names, nothing after the value, no NaN,
/// no half surrogate pairs, no U+0000 (which PostgreSQL cannot keep), and bounded depth and
/// lengths.
public final class Json {
    public static final int MAX_DEPTH = 100;
    public static final int MAX_NUMBER_LENGTH = 100;
    public static final int MAX_STRING_LENGTH = 2 * 1024 * 1024;

    private static final JsonMapper MAPPER =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxNestingDepth(MAX_DEPTH)
                                                    .maxNumberLength(MAX_NUMBER_LENGTH)
                                                    .maxStringLength(MAX_STRING_LENGTH)
                                                    .maxNameLength(1_000)
                                                    .build())
                                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                                    .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                                    .build())
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                    .build();

    private Json() {}

    /// Reads one JSON value. Throws [JsonException].
    public static JsonNode read(String text) {
        JsonNode node;
        try {
            node = MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw malformed(e);
        }
        if (node.isMissingNode()) {
            throw new JsonException("malformed JSON: the text is empty", 1, 1);
        }
        requireText(node);
        return node;
    }

    /// Reads one JSON value from UTF-8. Throws [JsonException], for bytes that are not UTF-8 too.
    public static JsonNode read(byte[] utf8) {
        String text;
        try {
            text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
        } catch (CharacterCodingException e) {
            throw new JsonException("malformed JSON: the bytes are not UTF-8", 0, 0);
        }
        return read(text);
    }

    /// Reads one JSON object. Throws [JsonException] for any other value too.
    public static ObjectNode readObject(String text) {
        if (read(text) instanceof ObjectNode object) {
            return object;
        }
        throw new JsonException("must be a JSON object", 1, 1);
    }

    /// Reads one JSON object from UTF-8. Throws [JsonException] for any other value too.
    public static ObjectNode readObject(byte[] utf8) {
        if (read(utf8) instanceof ObjectNode object) {
            return object;
        }
        throw new JsonException("must be a JSON object", 1, 1);
    }

    /// Writes on one line, without spaces.
    public static String write(JsonNode node) {
        try {
            return MAPPER.writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("writing a JSON tree", e);
        }
    }

    public static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    public static ArrayNode array() {
        return JsonNodeFactory.instance.arrayNode();
    }

    /// The mapper behind these methods, for libraries that want one. Not to be reconfigured.
    public static JsonMapper mapper() {
        return MAPPER;
    }

    private static JsonException malformed(JsonProcessingException e) {
        var place = e.getLocation();
        int line = place == null ? 0 : place.getLineNr();
        int column = place == null ? 0 : place.getColumnNr();
        var reason = e.getOriginalMessage().replaceAll(", from `[^`]*`", "");
        var what =
                e instanceof StreamConstraintsException ? "JSON beyond limits" : "malformed JSON";
        var where = line > 0 ? " at line " + line + ", column " + column : "";
        return new JsonException(what + where + ": " + reason, Math.max(0, line), column);
    }

    /// The depth of the recursion is bounded by [#MAX_DEPTH].
    private static void requireText(JsonNode node) {
        if (node.isTextual()) {
            requireText(node.textValue());
            return;
        }
        for (var field : node.properties()) {
            requireText(field.getKey());
        }
        for (var child : node) {
            requireText(child);
        }
    }

    private static void requireText(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0) {
                throw new JsonException("malformed JSON: a text holds U+0000", 0, 0);
            }
            if (Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                throw new JsonException(
                        "malformed JSON: a text holds half of a surrogate pair", 0, 0);
            }
        }
    }
}
