package carillon.console;

import static org.assertj.core.api.Assertions.assertThat;

import carillon.ai.AdministratorModels;
import carillon.ai.Defaults;
import carillon.ai.Model;
import carillon.ai.PriceList;
import carillon.ai.Provider;
import carillon.ai.Terms;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The pages of models and budgets.
@Timeout(120)
final class MoneyPagesTest {
    private static final Model OF_THE_HOUSE =
            new Model(
                    "house",
                    Provider.ECHO,
                    "house",
                    Optional.empty(),
                    Defaults.NONE,
                    Terms.UNKNOWN,
                    List.of(),
                    Duration.ofSeconds(10));

    @TempDir private Path folder;

    @Test
    void models_are_listed_with_their_terms_and_without_their_keys() throws Exception {
        var models = new AdministratorModels(List.of(), List.of(OF_THE_HOUSE), PriceList.NONE);
        try (var server = new ConsoleServer(folder, models)) {
            server.post(
                    "/models",
                    """
                    {"name":"made","provider":"openai","model":"<i>gpt</i>","api_key":"sk-secret",
                     "base_url":"https://models.example/v1","prices":{"input":0.5,"output":1.25},
                     "quotas":{"requests_per_minute":5000,"concurrent":3},"fallbacks":["house"]}
                    """);
            var page = new Pressing(server, server.admin()).page("/models");

            assertThat(page)
                    .contains("house", "the configuration", "made", "version 1")
                    .contains("openai: &lt;i&gt;gpt&lt;/i&gt;", "models.example")
                    .contains("$0.5 in, $1.25 out", "5,000 requests a minute, 3 at once")
                    .doesNotContain("sk-secret", "<i>gpt");
            assertThat(page.indexOf("the configuration")).isLessThan(page.indexOf("version 1"));
        }
    }

    @Test
    void budgets_are_listed_with_what_is_spent_and_left() throws Exception {
        try (var server = new ConsoleServer(folder)) {
            var admin = new Pressing(server, server.admin());
            assertThat(admin.page("/budgets")).contains("There are no budgets but those of tasks.");
            assertThat(admin.page("/models")).contains("There are no models but the built-in");
            server.post(
                    "/budgets", "{\"scope\":\"installation\",\"limit\":12.5,\"period\":\"day\"}");
            server.post(
                    "/budgets",
                    """
                    {"scope":"tag","name":"<u>blue</u>","limit":0,"period":"month",
                     "on_exhausted":"wait"}
                    """);
            var viewer = server.key("onlooker", "viewer").path("key").asText();

            assertThat(new Pressing(server, viewer).page("/budgets"))
                    .contains("the installation", "$12.50 a day", "runs are skipped")
                    .contains("tag &lt;u&gt;blue&lt;/u&gt;", "$0.00 a month", "runs wait")
                    .doesNotContain("<u>blue");
        }
    }
}
