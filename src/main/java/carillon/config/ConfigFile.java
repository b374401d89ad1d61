package carillon.config;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;

/// The YAML file as keys with their values and lines. A key with dots can be written in one line
/// (`rate-limit.enabled: true`) or as a map in a map.
final class ConfigFile {
    private static final YAMLMapper YAML =
            YAMLMapper.builder(
                            YAMLFactory.builder()
                                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                                    .build())
                    .build();

    private final String name;
    private final Collection<String> knownKeys;
    private final Given given;

    private ConfigFile(String name, Collection<String> knownKeys, Given given) {
        this.name = name;
        this.knownKeys = knownKeys;
        this.given = given;
    }

    /// Puts what the file says into `given`.
    static void read(Sources.File file, Collection<String> knownKeys, Given given) {
        new ConfigFile(file.name(), knownKeys, given).read(file.text());
    }

    private void read(String text) {
        try (var parser = YAML.createParser(text)) {
            var first = parser.nextToken();
            if (first == null || first == JsonToken.VALUE_NULL) {
                return; // Nothing, or only comments.
            }
            if (first != JsonToken.START_OBJECT) {
                given.problem(name + ":1", "", "must be a map of keys and values");
                return;
            }
            readMap(parser, "");
            if (parser.nextToken() != null) {
                given.problem(at(parser), "", "must be one document");
            }
        } catch (JsonProcessingException e) {
            var place = e.getLocation();
            var line = place == null ? "" : ":" + place.getLineNr();
            given.problem(name + line, "", "is no YAML: " + firstLine(e.getOriginalMessage()));
        } catch (IOException e) {
            throw new UncheckedIOException("reading a text", e);
        }
    }

    private static String firstLine(String message) {
        return message.lines().findFirst().orElse("");
    }

    private void readMap(JsonParser parser, String path) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            var source = at(parser);
            var key = path + parser.currentName();
            boolean isMap = parser.nextToken() == JsonToken.START_OBJECT;
            if (isMap && !knownKeys.contains(key) && isPrefix(key)) {
                readMap(parser, key + ".");
            } else {
                JsonNode value = YAML.readTree(parser);
                given.put(key, value, source);
            }
        }
    }

    private boolean isPrefix(String key) {
        return knownKeys.stream().anyMatch(known -> known.startsWith(key + "."));
    }

    private String at(JsonParser parser) {
        return name + ":" + parser.currentTokenLocation().getLineNr();
    }
}
