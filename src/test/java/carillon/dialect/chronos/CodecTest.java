package carillon.dialect.chronos;

import static org.assertj.core.api.Assertions.assertThat;

import carillon.run.RunId;
import carillon.run.RunState;
import carillon.task.TaskId;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CodecTest {
    private static final long LARGEST = (1L << 53) - 1;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 42, 1_000_000, 1L << 32, LARGEST})
    void ids_are_uuids_of_version_8_and_come_back(long id) {
        var text = Codec.jobId(new TaskId(id));
        var uuid = UUID.fromString(text);

        assertThat(uuid).hasToString(text);
        assertThat(uuid.version()).isEqualTo(8);
        assertThat(uuid.variant()).isEqualTo(2);
        assertThat(Codec.taskId(text)).hasValue(new TaskId(id));
        assertThat(Codec.runId(Codec.executionId(new RunId(id)))).hasValue(new RunId(id));
        assertThat(Codec.taskId(text.toUpperCase(Locale.ROOT))).hasValue(new TaskId(id));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "550e8400-e29b-41d4-a716-446655440000",
                "00000000-0000-0000-0000-000000000000",
                "00000000-0000-8000-8000-000000000001",
                "1-1-1-1-1",
                "7",
                "",
                "not-a-uuid"
            })
    void uuids_made_elsewhere_are_nobodys(String text) {
        assertThat(Codec.taskId(text)).isEmpty();
        assertThat(Codec.runId("exec-" + text)).isEmpty();
    }

    @Test
    void the_id_of_a_neighbour_cannot_be_guessed_from_an_id() {
        var text = Codec.jobId(new TaskId(41));
        var neighbour = text.substring(0, text.length() - 2) + "2a";

        assertThat(text).endsWith("29");
        assertThat(Codec.taskId(neighbour)).isEmpty();
    }

    @Test
    void a_job_is_no_execution() {
        var job = Codec.jobId(new TaskId(7));
        var execution = Codec.executionId(new RunId(7));

        assertThat(Codec.runId("exec-" + job)).isEmpty();
        assertThat(Codec.runId(execution.substring("exec-".length()))).isEmpty();
        assertThat(Codec.taskId(execution.substring("exec-".length()))).isEmpty();
    }

    @Test
    void every_state_has_a_word_of_the_document() {
        assertThat(Stream.of(RunState.values()).map(Codec::status))
                .containsExactlyElementsOf(
                        List.of(
                                "pending", "running", "success", "failed", "failed", "skipped",
                                "skipped"));
    }
}
