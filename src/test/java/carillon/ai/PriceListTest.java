package carillon.ai;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.net.URI;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PriceListTest {
    private static final Prices CHEAP = new Prices(BigDecimal.ONE, BigDecimal.TWO);
    private static final Prices DEAR = new Prices(BigDecimal.TEN, BigDecimal.TEN);
    private static final PriceList LIST =
            new PriceList(
                    LocalDate.of(2026, 6, 30),
                    Map.of("api.openai.com", Map.of("gpt-4o", DEAR, "gpt-4o-mini", CHEAP)));

    private static Model model(String name, String url) {
        return new Model(
                name,
                Provider.OPENAI,
                name,
                Optional.of(
                        new Endpoint(URI.create(url), Optional.empty(), Endpoint.Source.CALLER)),
                Defaults.NONE,
                Terms.UNKNOWN,
                List.of(),
                Model.DEFAULT_TIMEOUT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gpt-4o-mini",
                "gpt-4o-mini-2024-07-18",
                "gpt-4o-mini-20240718",
                "gpt-4o-mini-latest",
                "gpt-4o-mini-0613",
                "gpt-4o-mini-001"
            })
    void a_price_is_for_the_name_and_for_its_builds(String name) {
        assertThat(LIST.of(model(name, "https://API.openai.com/v1"))).contains(CHEAP);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt-4o-mini-audio", "gpt-4o-mini2", "gpt-4", "my-gpt-4o-mini", ""})
    void a_price_is_not_for_another_name(String name) {
        assertThat(LIST.of(model(name, "https://api.openai.com/v1"))).isEmpty();
    }

    @Test
    void the_same_name_elsewhere_has_no_price() {
        assertThat(LIST.of(model("gpt-4o", "http://127.0.0.1:8000/v1"))).isEmpty();
        assertThat(LIST.of(Model.ECHO)).isEmpty();
    }

    @Test
    void another_list_says_what_it_says_and_leaves_the_rest() {
        var other =
                new PriceList(
                        LocalDate.of(2026, 7, 1),
                        Map.of(
                                "API.OpenAI.com", Map.of("gpt-4o", CHEAP),
                                "llm.internal", Map.of("gpt-4o", DEAR)));
        var both = LIST.overriddenBy(other);
        assertThat(both.date()).isEqualTo("2026-07-01");
        assertThat(both.of(model("gpt-4o", "https://api.openai.com/v1"))).contains(CHEAP);
        assertThat(both.of(model("gpt-4o-mini", "https://api.openai.com/v1"))).contains(CHEAP);
        assertThat(both.of(model("gpt-4o", "https://llm.internal/v1"))).contains(DEAR);
        assertThat(both.entries()).hasSize(3);
    }
}
