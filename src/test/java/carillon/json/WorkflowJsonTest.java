package carillon.json;

import static org.assertj.core.api.Assertions.assertThat;

import carillon.action.Nothing;
import carillon.action.Step;
import carillon.action.Workflow;
import carillon.json.ReadContext.Form;
import carillon.task.TaskId;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class WorkflowJsonTest {
    private static final ReadContext SENT =
            ReadContext.sent(new TaskId(7), Instant.EPOCH, ZoneOffset.UTC);

    private final Problems problems = new Problems();

    private Optional<Workflow> read(String text) {
        return Fields.of(Json.read(text), "", problems)
                .flatMap(fields -> WorkflowJson.read(fields, SENT));
    }

    @Test
    void a_workflow_is_written_as_it_was_read() {
        var text =
                """
                {"shape":"conditional","steps":[
                  {"name":"score","action":{"prompt":{"model":"echo","text":"t"}},
                   "depends_on":[],"order":1,"priority":2,"on_failure":"continue"},
                  {"name":"tell","action":{"nothing":{}},"depends_on":["score"],"order":2,
                   "priority":0,"on_failure":"stop",
                   "when":{"path":"steps.score.output.value","op":"gt","value":0.50}}]}
                """;
        var workflow = read(text).orElseThrow();
        assertThat(problems.list()).isEmpty();
        for (var form : Form.values()) {
            assertThat(WorkflowJson.write(workflow, form)).isEqualTo(Json.read(text));
        }
    }

    @Test
    void what_is_left_out_has_its_default() {
        var workflow = read(workflow("{\"name\":\"a\",\"action\":{\"nothing\":{}}}"));
        assertThat(workflow.orElseThrow().steps()).containsExactly(Step.of("a", new Nothing()));
    }

    private static String workflow(String steps) {
        return "{\"shape\":\"linear\",\"steps\":[" + steps + "]}";
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {}                                                | steps[0].name
                    {"name":"a"}                                      | steps[0].action
                    {"name":"a.b",DO}            | steps[0].name
                    {"name":"a",DO,"x":1}        | steps[0].x
                    {"name":"a","action":{"http":{}}}                 | steps[0].action.http.url
                    {"name":"a",DO,"depends_on":["b"]} | steps[0]
                    {"name":"a",DO,"depends_on":["a"]} | steps[0]
                    {"name":"a",DO,"depends_on":[1]} | steps[0].depends_on[0]
                    {"name":"a",DO,"depends_on":["b","b"]} | steps[0].depends_on
                    {"name":"a",DO,"on_failure":"no"} | steps[0].on_failure
                    {"name":"a",DO,"order":-1}   | steps[0].order
                    {"name":"a",DO,"when":{}}    | steps[0].when.path
                    {"name":"a",DO,"when":{"path":"a..b","op":"exists"}} | steps[0].when.path
                    {"name":"a",DO,"when":{"path":"a"}} | steps[0].when.op
                    {"name":"a",DO,"when":{"path":"a","op":"eq"}} | steps[0].when.value
                    {"name":"a",DO,"when":{"path":"a","op":"eq","value":[]}} | steps[0].when.value
                    {"name":"n",DO,"when":{"path":"a","op":"exists","value":1}}|steps[0].when.value
                    5                                                 | steps[0]
                    """)
    void a_wrong_step_is_told_at_its_field(String step, String field) {
        read(workflow(step.replace("DO", "\"action\":{\"nothing\":{}}")));
        assertThat(problems.list()).extracting(Problem::field).contains(field);
    }

    @Test
    void a_workflow_without_steps_or_shape_is_told_so() {
        assertThat(read("{}")).isEmpty();
        assertThat(problems.list()).extracting(Problem::field).containsExactly("shape", "steps");
        assertThat(read(workflow(""))).isEmpty();
    }

    @Test
    void plain_values_keep_numbers_exactly_and_places_in_lists() {
        var node = Json.read("{\"a\":[1,null,\"x\",true],\"b\":null,\"c\":0.10}");
        var list = Arrays.asList(BigDecimal.ONE, null, "x", true);
        assertThat(PlainValues.of(node)).isEqualTo(Map.of("a", list, "c", new BigDecimal("0.10")));
        assertThat(PlainValues.of(Json.read("[]"))).isEqualTo(List.of());
    }
}
