package carillon.store;

import static carillon.store.Some.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import carillon.json.SettingsJson;
import carillon.outbox.Backoff;
import carillon.processor.ProcessorSettings;
import carillon.processor.ProcessorStore;
import carillon.processor.ProcessorType;
import carillon.processor.StoredSettings;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

abstract class ProcessorStoreContract extends StoreContract {
    private ProcessorStore processors;

    ProcessorStoreContract(Fixture fixture) {
        super(fixture);
        processors = fixture.stores().processors(SettingsJson.codec());
    }

    @BeforeEach
    final void open() {
        processors = stores().processors(SettingsJson.codec());
    }

    private static StoredSettings settings(ProcessorType type, int version) {
        var settings =
                new ProcessorSettings(
                        Map.of("host", "mail.example", "password", "hush \u00fc"),
                        Optional.of("{{response}}\n"),
                        new Backoff(3, Duration.ofMillis(10), Duration.ofSeconds(9)));
        return new StoredSettings(type, version, settings, NOON);
    }

    @Test
    void settings_are_read_as_they_were_written_secrets_included() {
        var email = settings(ProcessorType.EMAIL, 1);
        assertThat(processors.find(ProcessorType.EMAIL)).isEmpty();
        assertThat(processors.put(email, 0)).isTrue();
        assertThat(processors.find(ProcessorType.EMAIL)).contains(email);
        assertThat(processors.find(ProcessorType.GITHUB)).isEmpty();
    }

    @Test
    void a_change_of_a_version_that_is_no_longer_in_force_is_refused() {
        assertThat(processors.put(settings(ProcessorType.SLACK, 2), 1)).isFalse();
        assertThat(processors.put(settings(ProcessorType.SLACK, 1), 0)).isTrue();
        assertThat(processors.put(settings(ProcessorType.SLACK, 1), 0)).isFalse();
        assertThat(processors.put(settings(ProcessorType.SLACK, 2), 1)).isTrue();
        assertThat(processors.put(settings(ProcessorType.SLACK, 2), 1)).isFalse();
        assertThat(processors.find(ProcessorType.SLACK).orElseThrow().version()).isEqualTo(2);
    }
}
