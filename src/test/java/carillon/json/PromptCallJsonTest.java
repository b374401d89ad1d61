package carillon.json;

import static org.assertj.core.api.Assertions.assertThat;

import carillon.action.PromptCall;
import carillon.action.Question;
import carillon.task.TaskDefinition;
import carillon.task.TaskId;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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
        assertThat(codec.read(ID, codec.write(ID, definition))).isEqualTo(definition);
    }

    @Test
    void a_schema_is_read_shown_and_stored() {
        var prompt = "{\"model\":\"echo\",\"text\":\"t\",\"schema\":{\"type\":\"object\"}}";
        var definition = read(prompt).orElseThrow();
        assertThat(((PromptCall) definition.action()).schema()).hasValue("{\"type\":\"object\"}");
        assertThat(TaskJson.shown(definition).at("/action/prompt")).isEqualTo(Json.read(prompt));
        var codec = TaskJson.codec();
        assertThat(codec.read(ID, codec.write(ID, definition))).isEqualTo(definition);
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
                    {"model":"m","text":"t","schema":5} | action.prompt.schema
                    {"model":"m","text":"t","schema":{"$ref":"http://x/y"}}| action.prompt.schema
                    {"model":"m","text":"t","version":1}| action.prompt.version
                    {"model":"m","text":"t","temperature":3}| action.prompt.temperature
                    {"model":"m","text":"t","max_tokens":0}| action.prompt.max_tokens
                    {"model":"m","messages":[]}         | action.prompt.messages
                    {"model":"m","messages":[],"text":"t"}| action.prompt.text
                    {"model":"m","messages":[{"role":"boss"}]}| action.prompt.messages[0].role
                    {"model":"m","messages":[{"content":"x"}]}| action.prompt.messages[0].role
                    {"model":"m","messages":[{"role":"user"}]}| action.prompt.messages[0].content
                    {"model":"m","messages":[5]}        | action.prompt.messages[0]
                    []                                  | action.prompt
                    """)
    void what_is_wrong_is_named(String prompt, String field) {
        assertThat(read(prompt)).isEmpty();
        assertThat(problems.list()).extracting(Problem::field).contains(field);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'model':'m','prompt':'daily','variables':{}}",
                "{'model':'m','prompt':'7','version':3,'variables':{'a':'x','b':'{{c}}'}}",
                "{'model':'m','text':'{{a}} {{date}} {{include \\'p\\'}}','variables':{'a':'1'}}",
                "{'model':'m','text':'{{a}} {{'}",
                "{'model':'m','text':'t','temperature':0.5,'max_tokens':10}",
                "{'model':'m','messages':[{'role':'system','content':'Be brief'},"
                        + "{'role':'user','content':'a'},{'role':'assistant','content':'b'},"
                        + "{'role':'user','content':'c'}]}"
            })
    void the_forms_of_a_question_are_read_shown_and_stored(String prompt) {
        var json = prompt.replace("\\'", "\\\"").replace('\'', '"');
        var definition = read(json).orElseThrow();
        assertThat(TaskJson.shown(definition).at("/action/prompt")).isEqualTo(Json.read(json));
        var codec = TaskJson.codec();
        assertThat(codec.read(ID, codec.write(ID, definition))).isEqualTo(definition);
    }

    @Test
    void values_may_be_numbers_and_truth() {
        var definition =
                read("{\"model\":\"m\",\"prompt\":\"p\",\"variables\":{\"a\":7,\"b\":true}}");
        assertThat(definition.map(TaskDefinition::action))
                .contains(
                        new PromptCall(
                                "m",
                                new Question.Stored(
                                        "p", OptionalInt.empty(), Map.of("a", "7", "b", "true")),
                                Optional.empty()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {"model":"m","prompt":"p","text":"t"}                    | text
                    {"model":"m","prompt":" "}                               | prompt
                    {"model":"m","prompt":"p","version":0}                   | version
                    {"model":"m","prompt":"p","variables":[]}                | variables
                    {"model":"m","prompt":"p","variables":{"a":{}}}          | variables.a
                    {"model":"m","prompt":"p","variables":{"date":"x"}}      | variables.date
                    {"model":"m","prompt":"p","variables":{"a b":"x"}}       | variables.a b
                    {"model":"m","text":"t","version":1}                     | version
                    {"model":"m"}                                            | text
                    {"model":"m","text":"{{a}}","variables":{}}              | text
                    {"model":"m","text":"{{#a}}","variables":{}}             | text
                    {"model":"m","text":"{{include p}}","variables":{}}      | text
                    """)
    void what_cannot_be_asked_is_named(String prompt, String field) {
        assertThat(read(prompt)).isEmpty();
        assertThat(problems.list())
                .extracting(Problem::field)
                .containsExactly("action.prompt." + field);
    }

    @Test
    void an_unknown_variable_of_a_template_is_told_with_its_place() {
        read("{\"model\":\"m\",\"text\":\"a {{b}}\",\"variables\":{}}");
        assertThat(problems.list())
                .containsExactly(
                        new Problem(
                                "action.prompt.text",
                                "unknown variable 'b' at line 1, column 3: give it a value in"
                                        + " variables"));
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
                                        "must have exactly one of http, prompt, agent, tool, batch,"
                                                + " tasks, workflow, nothing")));
    }
}
