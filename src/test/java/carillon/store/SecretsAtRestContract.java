package carillon.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import carillon.ai.Model;
import carillon.ai.StoredModel;
import carillon.json.Json;
import carillon.json.ModelJson;
import carillon.json.Problems;
import carillon.json.ReadContext;
import carillon.json.SettingsJson;
import carillon.json.TaskJson;
import carillon.outbox.Backoff;
import carillon.processor.ProcessorSettings;
import carillon.processor.ProcessorType;
import carillon.processor.StoredSettings;
import carillon.secret.SecretException;
import carillon.secret.Vault;
import carillon.task.Task;
import carillon.task.TaskDefinition;
import carillon.task.TaskId;
import carillon.task.TaskLists;
import carillon.task.TaskVersion;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What must not be readable in a database is not, whatever reads its bytes.
abstract class SecretsAtRestContract {
    static final String CANARY = "planted-canary-9f1c";

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final InstantSource TIME = InstantSource.fixed(NOW);
    private static final String TASK =
            """
            {"name":"call","action":{"http":{"url":"https://me:%1$s@h.example/",
             "headers":{"X-Api-Key":"%1$s"},"auth":{"type":"bearer","token":"%1$s"},
             "secret":"%1$s"}},
             "processors":[{"type":"slack","config":{"url":"https://h.example/%1$s"}},
              {"type":"webhook","config":{"url":"https://h.example/","secret":"%1$s"}}]}"""
                    .formatted(CANARY);
    private static final String MODEL =
            "{\"name\":\"m\",\"provider\":\"openai\",\"api_key\":\"" + CANARY + "\"}";

    @TempDir Path folder;

    abstract StoreSettings settings();

    /// All bytes that the database keeps; it may be open.
    abstract byte[] bytes() throws Exception;

    private Vault vault() {
        return new Vault(
                folder.resolve("secret.key"), Optional.empty(), RandomGenerator.getDefault());
    }

    private Stores open(Vault vault) {
        return Stores.open(settings(), TaskJson.codec(vault), TaskLists.NONE, vault::unlock, TIME);
    }

    private static TaskDefinition definition(TaskId id, String json) {
        var problems = new Problems();
        return TaskJson.read(Json.read(json), ReadContext.sent(id, NOW, ZoneOffset.UTC), problems)
                .orElseThrow(() -> new AssertionError(problems.toString()));
    }

    private static TaskId create(Stores stores, String json) {
        var id = stores.tasks().newId();
        var definition = definition(id, json);
        var first = new TaskVersion(id, 1, definition, NOW, NOW, "test", OptionalInt.empty());
        var progress = new Task.Progress(Optional.empty(), Optional.empty(), 0);
        stores.tasks()
                .create(new Task(id, "native", 1, definition, true, NOW, NOW, progress), first);
        return id;
    }

    private static Model model() {
        return ModelJson.read(Json.read(MODEL), Optional.empty(), Set.of(), new Problems())
                .orElseThrow();
    }

    private static StoredSettings mailServer() {
        var values = Map.of("host", "mail.example", "username", "me", "password", CANARY);
        var settings = new ProcessorSettings(values, Optional.empty(), Backoff.DEFAULT);
        return new StoredSettings(ProcessorType.EMAIL, 1, settings, NOW);
    }

    private String stored() throws Exception {
        return new String(bytes(), StandardCharsets.ISO_8859_1);
    }

    @Test
    void secrets_are_not_in_the_bytes_and_come_back_exactly() throws Exception {
        TaskId id;
        var vault = vault();
        try (var stores = open(vault)) {
            id = create(stores, TASK);
            stores.models(ModelJson.codec(vault))
                    .create(new StoredModel(stores.tasks().newId().value(), 1, model(), NOW, NOW));
            stores.processors(SettingsJson.codec(vault)).put(mailServer(), 0);
            assertThat(stored()).doesNotContain(CANARY).contains("sealed:1:");
        }
        assertThat(stored()).doesNotContain(CANARY);
        var again = vault();
        try (var stores = open(again)) {
            assertThat(stores.tasks().find(id).map(Task::definition))
                    .contains(definition(id, TASK));
            assertThat(stores.models(ModelJson.codec(again)).find("m").map(StoredModel::model))
                    .contains(model());
            assertThat(stores.processors(SettingsJson.codec(again)).find(ProcessorType.EMAIL))
                    .contains(mailServer());
        }
    }

    @Test
    void what_was_written_in_the_open_is_read_and_encrypted_at_its_next_write() throws Exception {
        TaskId id;
        try (var stores = Stores.open(settings(), TaskJson.codec(), TaskLists.NONE, TIME)) {
            id = create(stores, TASK);
        }
        assertThat(stored()).contains(CANARY); // Or the test above shows nothing.
        try (var stores = open(vault())) {
            var task = stores.tasks().find(id).orElseThrow();
            assertThat(task.definition()).isEqualTo(definition(id, TASK));
            var next =
                    new TaskVersion(
                            id, 2, task.definition(), NOW, NOW, "test", OptionalInt.empty());
            assertThat(stores.tasks().addVersion(next, 1)).isTrue();
            var text =
                    stores.database()
                            .read(
                                    "look",
                                    session ->
                                            session.query(
                                                            "SELECT definition FROM task_version"
                                                                    + " WHERE version = 2")
                                                    .mapTo(String.class)
                                                    .one());
            assertThat(text).startsWith("sealed:1:");
        }
    }

    @Test
    void a_definition_without_secrets_stays_readable() throws Exception {
        try (var stores = open(vault())) {
            create(stores, "{\"name\":\"plain\",\"action\":{\"nothing\":{}}}");
            assertThat(stored()).contains("retry_on");
        }
    }

    @Test
    void another_key_does_not_start_and_changes_nothing() {
        TaskId id;
        try (var stores = open(vault())) {
            id = create(stores, TASK);
        }
        var wrong = new Vault(folder.resolve("other"), Optional.of("A".repeat(43) + "="), dice());
        assertThatThrownBy(() -> open(wrong))
                .isInstanceOf(SecretException.class)
                .hasMessageContaining("is not the key");
        try (var stores = open(vault())) {
            assertThat(stores.tasks().find(id)).isPresent();
        }
    }

    private static RandomGenerator dice() {
        return RandomGenerator.getDefault();
    }
}
