package carillon;

import static org.assertj.core.api.Assertions.assertThat;

import carillon.config.Configuration;
import carillon.config.Sources;
import carillon.json.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Models of the configuration, in a whole server.
@Timeout(60)
final class ConfiguredModelsTest {
    private static final String MODELS = "/api/v1/models";
    private static final String YAML =
            """
            port: 0
            models:
              - {name: dry, provider: echo}
              - {name: big, provider: openai, model: gpt-4o, api_key: sk-canary}
            """;

    @TempDir Path folder;
    private final HttpClient client = HttpClient.newHttpClient();
    private Server server;

    @BeforeEach
    void start() {
        var file = Optional.of(new Sources.File("c.yaml", YAML));
        var flags = Map.of("data", folder.toString());
        var settings = Configuration.of(new Sources(file, Map.of(), flags, "host"));
        server = Server.start(Plans.of(settings), InstantSource.system());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private record Got(int status, JsonNode body) {}

    private Got send(String method, String path, String body) throws Exception {
        var request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                        .header("Authorization", "Bearer " + server.freshKey().orElseThrow())
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build();
        var answer = client.send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(answer.body()).doesNotContain("canary");
        return new Got(answer.statusCode(), Json.read(answer.body()));
    }

    @Test
    void they_are_listed_and_shown_with_where_they_come_from() throws Exception {
        send("POST", MODELS, "{\"name\":\"mine\",\"provider\":\"echo\"}");
        var list = send("GET", MODELS + "?limit=1", "").body().path("data");
        assertThat(list.findValuesAsText("name")).containsExactly("dry", "big", "mine");
        assertThat(list.findValuesAsText("source"))
                .containsExactly("configuration", "configuration", "api");

        var big = send("GET", MODELS + "/big", "").body();
        assertThat(big).isEqualTo(list.get(1));
        assertThat(big.path("id").isNull()).isTrue();
        assertThat(big.path("api_key").asText()).isEqualTo("***");
        assertThat(big.at("/listed_prices/input").decimalValue()).isEqualByComparingTo("2.5");
        assertThat(big.at("/listed_prices/date").asText()).matches("\\d{4}-\\d\\d-\\d\\d");
        assertThat(send("GET", MODELS + "/big/config", "").status()).isEqualTo(200);
    }

    @Test
    void nobody_changes_them_through_the_api() throws Exception {
        var body = "{\"name\":\"dry\",\"provider\":\"echo\"}";
        assertThat(send("POST", MODELS, body).status()).isEqualTo(409);
        var refused = send("PUT", MODELS + "/dry", body);
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.body().path("detail").asText()).contains("configuration");
        assertThat(send("PUT", MODELS + "/dry/config", "{}").status()).isEqualTo(409);
        assertThat(send("DELETE", MODELS + "/dry", "").status()).isEqualTo(409);
    }

    @Test
    void they_are_asked_by_name() throws Exception {
        var test = send("POST", MODELS + "/dry/test", "{\"text\":\"Hello\"}");
        assertThat(test.body().path("text").asText()).endsWith("Hello");
        assertThat(test.body().path("model").asText()).isEqualTo("dry");
    }

    @Test
    void the_prices_in_force_are_told() throws Exception {
        var prices = send("GET", MODELS + "/prices", "").body();
        assertThat(prices.path("data").size()).isGreaterThan(20);
        assertThat(prices.at("/data/0").properties())
                .extracting(Map.Entry::getKey)
                .containsExactly("host", "model", "input", "output");
    }
}
