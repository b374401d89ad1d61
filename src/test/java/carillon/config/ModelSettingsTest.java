package carillon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import carillon.ai.AdministratorModels;
import carillon.ai.Endpoint;
import carillon.ai.PriceList;
import carillon.ai.Prices;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ModelSettingsTest {
    private static final String TWO =
            """
            models:
              - name: house
                provider: openai
                model: qwen3:8b
                base_url: http://127.0.0.1:11434/v1
                api_key: sk-canary
                defaults: {temperature: 0.5, max_tokens: 100}
                prices: {input: 0.1, output: 0.2}
                fallbacks: [echo]
                timeout: 30s
              - {name: clever, provider: anthropic, model: claude-sonnet-4-5}
            """;

    @TempDir Path folder;

    private static AdministratorModels read(String yaml, Map<String, String> environment) {
        var file = Optional.of(new Sources.File("c.yaml", yaml));
        return Configuration.of(new Sources(file, environment, Map.of(), "host")).models();
    }

    private static AdministratorModels read(String yaml) {
        return read(yaml, Map.of());
    }

    @Test
    void models_are_read_as_in_the_native_api_and_asked_where_the_administrator_says() {
        var models = read(TWO);
        var house = models.find("house").orElseThrow();
        var endpoint = house.endpoint().orElseThrow();
        assertThat(endpoint.source()).isEqualTo(Endpoint.Source.ADMINISTRATOR);
        assertThat(endpoint.baseUrl()).hasToString("http://127.0.0.1:11434/v1");
        assertThat(endpoint.apiKey()).contains("sk-canary");
        assertThat(house.model()).isEqualTo("qwen3:8b");
        assertThat(house.fallbacks()).containsExactly("echo");
        assertThat(house.prices().map(Prices::input))
                .hasValueSatisfying(price -> assertThat(price).isEqualByComparingTo("0.1"));
        assertThat(models.hosts()).containsExactly("127.0.0.1", "api.anthropic.com");
        assertThat(models.toString()).doesNotContain("canary");
    }

    @Test
    void a_model_without_key_and_address_takes_those_of_its_provider() {
        var models = read(TWO, Map.of("ANTHROPIC_API_KEY", "sk-theirs"));
        var clever = models.find("clever").orElseThrow();
        assertThat(clever.endpoint().flatMap(Endpoint::apiKey)).contains("sk-theirs");
    }

    @Test
    void the_environment_says_models_in_json() {
        var json = "[{\"name\":\"m\",\"provider\":\"gemini\",\"api_key\":\"k\"}]";
        var models = read(TWO, Map.of("CARILLON_MODELS", json));
        assertThat(models.configured()).hasSize(1);
        assertThat(models.configured("m")).isPresent();
    }

    @Test
    void a_key_can_stand_in_a_file() throws Exception {
        var file = Files.writeString(folder.resolve("key"), "sk-from-file\n");
        var yaml =
                """
                models:
                  - {name: m, provider: openai, api_key_file: '%s'}
                """;
        var model = read(yaml.formatted(file)).configured("m").orElseThrow();
        assertThat(model.endpoint().flatMap(Endpoint::apiKey)).contains("sk-from-file");
        assertThatThrownBy(() -> read(yaml.formatted(folder.resolve("none"))))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("c.yaml:")
                .hasMessageContaining(
                        "models[0].api_key_file names a file that cannot be read"
                                + " (NoSuchFileException): "
                                + folder.resolve("none"));
    }

    @Test
    void everything_that_is_wrong_is_named_with_its_place_and_without_the_key() {
        var yaml =
                """
                models:
                  - {name: a, provider: openai, api_key: sk-canary, temperature: 1}
                  - {name: a b, provider: nobody}
                  - {name: twice, provider: openai}
                  - {name: twice, provider: openai}
                  - {name: echo, provider: echo}
                  - 7
                """;
        assertThatThrownBy(() -> read(yaml))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("models[0].temperature unknown field")
                .hasMessageContaining("models[1].name must be letters")
                .hasMessageContaining("models[1].provider must be one of")
                .hasMessageContaining("models[3].name is taken: 'twice'")
                .hasMessageContaining("models[4].name is taken: 'echo'")
                .hasMessageContaining("models[5] must be an object")
                .hasMessageNotContaining("canary");
        assertThatThrownBy(() -> read("models: {a: b}")).hasMessageContaining("must be a list");
        assertThatThrownBy(() -> read("", Map.of("CARILLON_MODELS", "a,b")))
                .hasMessageContaining("CARILLON_MODELS: models must be a list of models");
    }

    private static BigDecimal mini(PriceList prices) {
        return prices.entries().stream()
                .filter(entry -> entry.model().equals("gpt-4o-mini"))
                .map(entry -> entry.prices().output())
                .findFirst()
                .orElseThrow();
    }

    @Test
    void the_shipped_prices_hold_until_a_file_says_otherwise() throws Exception {
        var shipped = read("").prices();
        assertThat(shipped.entries()).hasSizeGreaterThan(20);
        assertThat(mini(shipped)).isEqualByComparingTo("0.6");

        var file =
                Files.writeString(
                        folder.resolve("prices.yaml"),
                        """
                        date: 2026-11-01
                        hosts:
                          api.openai.com:
                            gpt-4o-mini: {input: 1, output: 2.5}
                          llm.internal: {small: {input: 0, output: 0}}
                        """);
        var own = read("prices.file: '" + file + "'").prices();
        assertThat(own.date()).isEqualTo("2026-11-01");
        assertThat(own.entries()).hasSize(shipped.entries().size() + 1);
        assertThat(mini(own)).isEqualByComparingTo("2.5");
    }

    @Test
    void a_wrong_price_file_stops_the_start_with_everything_that_is_wrong() throws Exception {
        var file =
                Files.writeString(
                        folder.resolve("prices.yaml"),
                        """
                        date: yesterday
                        hosts:
                          api.openai.com: {a: {input: -1, output: 1}, b: {input: 1}, c: 5}
                          other: []
                        more: 1
                        """);
        assertThatThrownBy(() -> read("prices.file: '" + file + "'"))
                .hasMessageContaining("date must be a date such as")
                .hasMessageContaining("hosts.api.openai.com.a.input must be a number")
                .hasMessageContaining("hosts.api.openai.com.b.output is required")
                .hasMessageContaining("hosts.api.openai.com.c must be an object")
                .hasMessageContaining("hosts.other must be a map")
                .hasMessageContaining("more unknown field");
        assertThatThrownBy(() -> read("prices.file: /nowhere/prices.yaml"))
                .hasMessageContaining("names a file that cannot be read");
    }
}
