package carillon.json;

import static org.assertj.core.api.Assertions.assertThat;

import carillon.action.PromptCall;
import carillon.task.TaskDefinition;
import carillon.task.TaskId;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PromptCallJsonTest {
    private static final TaskId ID = new TaskId(7);
    private static final ReadContext SENT = ReadContext.sent(ID, Instant.EPOCH, ZoneOffset.UTC);

    private final Problems problems = new Problems();

    private Optional<TaskDefinition> read(String prompt) {
        var text = "{\"name\":\"n\",\"action\":{\"prompt\":" + prompt + "}}";
        return TaskJson.read(Json.read(text), SENT, problems);
    }

    @Test
    void a_prompt_is_read_shown_and_stored() {
        var definition = read("{\"model\":\"echo\",\"text\":\"Say hello\"}").orElseThrow();
        assertThat(definition.action()).isEqualTo(PromptCall.of("echo", "Say hello"));
        assertThat(TaskJson.shown(definition).path("action"))
                .isEqualTo(Json.read("{\"prompt\":{\"model\":\"echo\",\"text\":\"Say hello\"}}"));
        var codec = TaskJson.codec();
        assertThat(codec.read(ID, codec.write(definition))).isEqualTo(definition);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {"text":"t"}                        | action.prompt.model
                    {"model":"m"}                       | action.prompt.text
                    {"model":" ","text":"t"}            | action.prompt.model
                    {"model":"m","text":""}             | action.prompt.text
                    {"model":"m","text":5}              | action.prompt.text
                    {"model":"m","text":"t","temp":1}   | action.prompt.temp
                    {"model":"m","text":"t","schema":{}}| action.prompt.schema
                    {"model":"m","text":"t","version":1}| action.prompt.version
                    []                                  | action.prompt
                    """)
    void what_is_wrong_is_named(String prompt, String field) {
        assertThat(read(prompt)).isEmpty();
        assertThat(problems.list()).extracting(Problem::field).contains(field);
    }

    @Test
    void a_stored_prompt_is_refused_in_words() {
        assertThat(read("{\"model\":\"m\",\"prompt\":\"daily\",\"variables\":{}}")).isEmpty();
        assertThat(problems.list())
                .contains(
                        new Problem(
                                "action.prompt.prompt",
                                "is not served by this version: say the prompt in 'text'"));
    }

    @Test
    void two_kinds_of_action_are_one_too_many() {
        var text = "{\"name\":\"n\",\"action\":{\"nothing\":{},\"prompt\":{\"model\":\"m\"}}}";
        assertThat(TaskJson.read(Json.read(text), SENT, problems)).isEmpty();
        assertThat(problems.list())
                .isEqualTo(
                        List.of(
                                new Problem(
                                        "action",
                                        "must have exactly one of http, prompt, nothing")));
    }
}
