package carillon.store;

import static carillon.store.Some.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import carillon.ai.Defaults;
import carillon.ai.Endpoint;
import carillon.ai.Limits;
import carillon.ai.Model;
import carillon.ai.ModelStore;
import carillon.ai.Prices;
import carillon.ai.Provider;
import carillon.ai.StoredModel;
import carillon.ai.Terms;
import carillon.json.ModelJson;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

abstract class ModelStoreContract extends StoreContract {
    private ModelStore models;

    ModelStoreContract(Fixture fixture) {
        super(fixture);
        models = fixture.stores().models(ModelJson.codec());
    }

    @BeforeEach
    final void open() {
        models = stores().models(ModelJson.codec());
    }

    private static Model model(String name, String key) {
        var url = URI.create("https://models.example/v1");
        return new Model(
                name,
                Provider.OPENAI,
                "gpt-x",
                Optional.of(new Endpoint(url, Optional.of(key), Endpoint.Source.CALLER)),
                new Defaults(
                        OptionalDouble.of(0.5),
                        OptionalDouble.empty(),
                        OptionalInt.of(7),
                        Optional.of("Be \u00fcber-brief")),
                new Terms(
                        Optional.of(new Prices(new BigDecimal("0.15"), new BigDecimal("0.60"))),
                        new Limits(OptionalLong.of(60), OptionalLong.empty(), OptionalLong.of(5))),
                List.of("other", "echo"),
                Duration.ofSeconds(9));
    }

    private StoredModel made(String name) {
        var made = new StoredModel(models.newId(), 1, model(name, "hush"), NOON, NOON);
        assertThat(models.create(made)).isTrue();
        return made;
    }

    @Test
    void a_model_is_read_as_it_was_written_key_included() {
        var made = made("one");
        assertThat(models.find(made.id())).hasValue(made);
        assertThat(models.find("one")).hasValue(made);
        assertThat(models.find("One")).isEmpty();
        assertThat(models.find(made.id() + 1)).isEmpty();
    }

    @Test
    void models_are_listed_newest_first() {
        var first = made("first");
        var second = made("second");
        var third = made("third");
        assertThat(models.list(Long.MAX_VALUE, 2)).containsExactly(third, second);
        assertThat(models.list(second.id(), 2)).containsExactly(first);
    }

    @Test
    void a_name_is_taken_once() {
        var made = made("one");
        var again = new StoredModel(models.newId(), 1, model("one", "other"), NOON, NOON);
        assertThat(models.create(again)).isFalse();
        assertThat(models.list(Long.MAX_VALUE, 9)).containsExactly(made);
        assertThat(models.delete(made.id())).isTrue();
        assertThat(models.create(again)).isTrue();
    }

    @Test
    void a_change_of_a_version_that_is_no_longer_in_force_is_refused() {
        var made = made("one");
        var later = NOON.plusSeconds(1);
        var changed = new StoredModel(made.id(), 2, model("one", "new"), NOON, later);
        assertThat(models.update(changed, 1)).isTrue();
        assertThat(models.find("one")).hasValue(changed);
        assertThat(models.update(changed, 1)).isFalse();
        assertThat(models.delete(made.id())).isTrue();
        assertThat(models.delete(made.id())).isFalse();
        assertThat(models.update(changed, 2)).isFalse();
    }
}
