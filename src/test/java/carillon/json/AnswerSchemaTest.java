package carillon.json;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class AnswerSchemaTest {
    private static final String SCORE =
            """
            {"type":"object","required":["score"],"additionalProperties":false,
             "properties":{"score":{"type":"integer","minimum":0},"words":{"$ref":"#/$defs/words"}},
             "$defs":{"words":{"type":"array","items":{"type":"string"}}}}
            """;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"score\":3}                              | ''",
                "'  {\"score\":3}  '                        | ''",
                "{\"score\":3,\"words\":[\"a\"]}            | ''",
                "{\"score\":\"3\"}                          | $.score: string found, integer",
                "{\"score\":-1}                             | $.score: must have a minimum",
                "{\"score\":3,\"words\":[1]}                | $.words[0]: integer found, string",
                "{}                                         | required property 'score'",
                "{\"score\":3,\"more\":1}                   | property 'more' is not defined",
                "Sure! {\"score\":3}                        | it is not JSON",
                "''                                         | it is not JSON",
                "{\"score\":3,\"score\":4}                  | it is not JSON",
                "{\"score\":                                | it is not JSON"
            })
    void an_answer_fits_or_its_faults_are_told(String answer, String fault) {
        var held = AnswerSchema.of(SCORE).hold(answer);
        if (fault.isEmpty()) {
            assertThat(held.faults()).isEmpty();
        } else {
            assertThat(held.faults()).hasSize(1);
            assertThat(held.faults().getFirst()).contains(fault);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"```json\n%s\n```", "```\n%s```", "\n```JSON \r\n%s\r\n```\n", "%s"})
    void a_code_fence_is_no_part_of_the_answer(String around) {
        var held = AnswerSchema.of(SCORE).hold(around.formatted("{\"score\":3}"));
        assertThat(held.faults()).isEmpty();
        assertThat(held.json()).isEqualTo("{\"score\":3}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}                                                            | ''",
                "{\"$schema\":\"http://json-schema.org/draft-07/schema#\"}     | ''",
                "{\"properties\":{\"$ref\":{\"type\":\"string\"}}}             | ''",
                "[]                                                            | an object",
                "true                                                          | an object",
                "{\"type\":\"text\"}                                           | $.type",
                "{\"type\":5}                                                  | $.type",
                "{\"minimum\":\"1\"}                                           | $.minimum",
                "{\"$ref\":\"https://example.com/s.json\"}                     | outside of itself",
                "{\"properties\":{\"a\":{\"$ref\":\"other.json\"}}}            | outside of itself",
                "{\"$ref\":\"file:///etc/passwd\"}                             | outside of itself",
                "{\"$ref\":\"classpath:logging.properties\"}                   | outside of itself",
                "{\"$schema\":\"http://127.0.0.1:1/schema\"}                   | not known",
                "{\"$ref\":\"#/$defs/none\"}                                   | not understood",
                "{\"$id\":\"http://127.0.0.1:1/a\",\"$ref\":\"#/$defs/x\"}     | not understood",
                "{\"$ref\":\"#\"}                                              | without an end",
                "{\"pattern\":\"(\"}                                           | '('"
            })
    void what_cannot_be_a_schema_is_told(String schema, String fault) {
        var found = AnswerSchema.fault(Json.read(schema));
        if (fault.isEmpty()) {
            assertThat(found).isEmpty();
        } else {
            assertThat(found.orElse("nothing")).contains(fault);
        }
    }

    @Test
    void a_schema_that_is_too_long_is_told() {
        var schema = "{\"description\":\"" + "x".repeat(AnswerSchema.MAX_LENGTH) + "\"}";
        assertThat(AnswerSchema.fault(Json.read(schema)).orElseThrow()).contains("at most 65536");
    }

    @Test
    void no_pattern_takes_for_ever() {
        var schema = AnswerSchema.of("{\"type\":\"string\",\"pattern\":\"^(a|aa)+$\"}");
        var held = schema.hold("\"" + "a".repeat(60) + "!\"");
        assertThat(held.fits()).isFalse();
    }

    @Test
    void many_faults_are_counted() {
        var schema = AnswerSchema.of("{\"items\":{\"type\":\"string\"}}");
        var held = schema.hold("[1,2,3,4,5,6,7,8,9,10,11,12]");
        assertThat(held.faults()).hasSize(AnswerSchema.MAX_FAULTS + 1).endsWith("and 2 more");
    }
}
