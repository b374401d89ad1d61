package carillon.config;

import static org.assertj.core.api.Assertions.assertThat;

import carillon.ai.AdministratorModels;
import carillon.ai.Endpoint;
import carillon.ai.Model;
import carillon.ai.Provider;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ModelVariablesTest {
    private final List<String> problems = new ArrayList<>();

    private AdministratorModels read(Map<String, String> environment) {
        return ModelVariables.read(
                environment, (variable, message) -> problems.add(variable + " " + message));
    }

    @Test
    void without_variables_there_is_echo_alone() {
        var models = read(Map.of("PATH", "/bin", "OPENAI_API_KEY", " "));
        assertThat(models).isEqualTo(AdministratorModels.NONE);
        assertThat(models.find("echo")).hasValue(Model.ECHO);
        assertThat(models.find("gpt-5")).isEmpty();
        assertThat(problems).isEmpty();
    }

    @Test
    void a_name_leads_to_the_provider_whose_key_is_given() {
        var models =
                read(
                        Map.of(
                                "OPENAI_API_KEY", "o",
                                "ANTHROPIC_API_KEY", "a",
                                "GEMINI_API_KEY", "g",
                                "CEREBRAS_API_KEY", "c"));
        assertThat(where(models, "gpt-5")).isEqualTo("OPENAI https://api.openai.com/v1 o");
        assertThat(where(models, "claude-x")).isEqualTo("ANTHROPIC https://api.anthropic.com/v1 a");
        assertThat(where(models, "gemini-x")).startsWith("GEMINI https://").endsWith("v1beta g");
        assertThat(where(models, "llama3.1-8b")).isEqualTo("OPENAI https://api.cerebras.ai/v1 c");
        assertThat(models.find("echo").orElseThrow().provider()).isEqualTo(Provider.ECHO);
        var others = read(Map.of("OPENAI_API_KEY", "o"));
        assertThat(where(others, "claude-x")).startsWith("OPENAI ");
    }

    @Test
    void an_address_is_enough_and_keys_stay_out_of_texts() {
        var models = read(Map.of("OPENAI_BASE_URL", "http://localhost:11434/v1"));
        var endpoint = models.find("phi").orElseThrow().endpoint().orElseThrow();
        assertThat(endpoint.apiKey()).isEmpty();
        assertThat(endpoint.source()).isEqualTo(Endpoint.Source.ADMINISTRATOR);
        assertThat(models.hosts()).containsExactly("localhost");
        assertThat(read(Map.of("OPENAI_API_KEY", "canary")).toString()).doesNotContain("canary");
    }

    @Test
    void what_is_wrong_is_told_by_the_variables_name_and_without_the_key() {
        var models = read(Map.of("OPENAI_BASE_URL", "localhost:1", "GEMINI_API_KEY", "can\nary"));
        assertThat(models).isEqualTo(AdministratorModels.NONE);
        assertThat(problems)
                .hasSize(2)
                .anyMatch(problem -> problem.startsWith("OPENAI_BASE_URL must be"))
                .anyMatch(problem -> problem.startsWith("GEMINI_API_KEY has"))
                .noneMatch(problem -> problem.contains("ary"));
    }

    private static String where(AdministratorModels models, String name) {
        var model = models.find(name).orElseThrow();
        var endpoint = model.endpoint().orElseThrow();
        return model.provider() + " " + endpoint.baseUrl() + " " + endpoint.apiKey().orElse("-");
    }
}
