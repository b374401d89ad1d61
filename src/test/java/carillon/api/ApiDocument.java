package carillon.api;

import static org.assertj.core.api.Assertions.assertThat;

import carillon.json.Json;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/// The OpenAPI document, to hold answers against: whatever a test asks of the native API, the
/// answer must be one that the document tells of.
public final class ApiDocument {
    private static final String PROBLEM = "application/problem+json";

    private final JsonNode document;
    private final Map<JsonNode, JsonSchema> schemas = new ConcurrentHashMap<>();

    private static final class Shared {
        private static final ApiDocument DOCUMENT = new ApiDocument();
    }

    private ApiDocument() {
        try (var in = ApiDocument.class.getResourceAsStream("/openapi.yaml")) {
            document = new ObjectMapper(new YAMLFactory()).readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The one that all tests share.
    public static ApiDocument shared() {
        return Shared.DOCUMENT;
    }

    /// Throws [AssertionError] unless the document has such an answer to the request. Requests that
    /// are for no operation of it must be refused in the shape of a problem.
    public void check(HttpResponse<String> answer) {
        var method = answer.request().method();
        var path = answer.request().uri().getRawPath();
        check(method, path, answer);
    }

    private void check(String method, String path, HttpResponse<String> answer) {
        var type = answer.headers().firstValue("Content-Type").orElse("");
        var what = method + " " + path + " answered " + answer.statusCode() + " as " + type;
        var told = response(method, path, answer.statusCode());
        if (told.isEmpty()) {
            assertThat(answer.statusCode())
                    .as(what + ", unknown to the document")
                    .isBetween(400, 599);
            assertThat(type).as(what).isEqualTo(PROBLEM);
            assertFits(document.at("/components/schemas/Problem"), answer.body(), what);
            return;
        }
        var content = told.get().path("content").path(type.replaceFirst(";.*", ""));
        assertThat(content.isObject()).as(what + ", which the document does not tell").isTrue();
        if (type.endsWith("json")) {
            assertFits(content.path("schema"), answer.body(), what);
        }
    }

    private void assertFits(JsonNode schema, String body, String what) {
        var compiled = schemas.computeIfAbsent(schema, this::compile);
        assertThat(compiled.validate(Json.read(body))).as(what + ": " + body).isEmpty();
    }

    private JsonSchema compile(JsonNode schema) {
        ObjectNode whole = schema.deepCopy();
        whole.set("components", document.path("components"));
        return JsonSchemaFactory.getInstance(VersionFlag.V202012).getSchema(whole);
    }

    private Optional<JsonNode> response(String method, String path, int status) {
        var responses =
                template(path)
                        .map(
                                template ->
                                        document.path("paths")
                                                .path(template)
                                                .path(method.toLowerCase(Locale.ROOT))
                                                .path("responses"))
                        .filter(JsonNode::isObject);
        return responses.map(
                known -> {
                    var code = Integer.toString(status);
                    return resolved(known.has(code) ? known.path(code) : known.path("default"));
                });
    }

    private JsonNode resolved(JsonNode node) {
        return node.has("$ref") ? document.at(node.path("$ref").asText().substring(1)) : node;
    }

    /// The path of the document that a request's path is an instance of; one without parameters
    /// goes first.
    private Optional<String> template(String path) {
        var plain = path.length() > 1 && path.endsWith("/") ? path.replaceFirst("/$", "") : path;
        Iterable<String> names = () -> document.path("paths").fieldNames();
        return Stream.concat(
                        Stream.of(plain).filter(document.path("paths")::has),
                        Stream.of(names)
                                .flatMap(
                                        all -> {
                                            var found = Stream.<String>builder();
                                            all.forEach(found);
                                            return found.build();
                                        })
                                .filter(template -> fits(template, plain)))
                .findFirst();
    }

    private static boolean fits(String template, String path) {
        var wanted = List.of(template.split("/", -1));
        var given = List.of(path.split("/", -1));
        if (wanted.size() != given.size()) {
            return false;
        }
        for (int i = 0; i < wanted.size(); i++) {
            if (!wanted.get(i).startsWith("{") && !wanted.get(i).equals(given.get(i))) {
                return false;
            }
        }
        return true;
    }
}
