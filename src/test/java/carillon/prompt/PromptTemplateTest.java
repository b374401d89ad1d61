package carillon.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class PromptTemplateTest {
    private static PromptTemplate good(String text) {
        return switch (PromptTemplate.read(text)) {
            case PromptTemplate.Reading.Good(var template) -> template;
            case PromptTemplate.Reading.Bad(var problems) -> throw new AssertionError(problems);
        };
    }

    private static List<String> problems(String text) {
        return switch (PromptTemplate.read(text)) {
            case PromptTemplate.Reading.Good _ -> List.of();
            case PromptTemplate.Reading.Bad(var problems) -> problems;
        };
    }

    @Test
    void variables_and_includes_are_found_once_each_in_order() {
        var template =
                good("{{b}} {{ a }} {{{b}}} {{&c}} {{! not {{this}} {{include \"x y\"}}{{b}}");

        assertThat(template.variables()).containsExactly("b", "a", "c");
        assertThat(template.includes()).containsExactly("x y");
    }

    @Test
    void values_are_put_in_as_they_are_and_only_once() {
        var values = Map.of("a", "<b> & \"{{b}}\" {{{a}}} {{include \"x\"}}", "b", "never");

        var text =
                good("1 {{a}} 2 {{include \"x\"}} 3 {{{a}}}").render(values, Map.of("x", "{{b}}"));

        var a = values.get("a");
        assertThat(text).isEqualTo("1 " + a + " 2 {{b}} 3 " + a);
    }

    @Test
    void the_length_is_known_before_the_text_is_made() {
        var template = good("a{{x}}\n{{! gone }}\n{{include \"y\"}}{{x}}.");
        var values = Map.of("x", "12345");
        var included = Map.of("y", "äß");

        assertThat(template.length(values, included))
                .isEqualTo(template.render(values, included).length())
                .isPositive();
    }

    @Test
    void text_that_only_looks_like_tags_stays() {
        for (var text :
                List.of(
                        "{\"a\": {\"b\": 1}}",
                        "{ {x} }",
                        "an open {{x",
                        "a closed }}",
                        "x { y",
                        "{{",
                        "ends with {")) {
            assertThat(good(text).render(Map.of(), Map.of())).isEqualTo(text);
        }
        assertThat(good("{\"a\": {{x}}}").render(Map.of("x", "1"), Map.of()))
                .isEqualTo("{\"a\": 1}");
    }

    @Test
    void logic_is_refused_with_its_place() {
        assertThat(problems("one\ntwo {{#a}}x{{/a}}"))
                .hasSize(2)
                .first()
                .asString()
                .contains("no sections")
                .endsWith("line 2, column 5");
        assertThat(problems("{{ ^a}}{{/a}}")).first().asString().contains("sections");
        assertThat(problems("{{> other}}")).first().asString().contains("{{include \"name\"}}");
        assertThat(problems("{{=<% %>=}}")).first().asString().contains("delimiters");
        assertThat(problems("{{<parent}}{{$block}}{{/block}}{{/parent}}")).hasSize(4);
    }

    @Test
    void what_is_no_tag_is_refused_with_its_place() {
        for (var tag : List.of("{{}}", "{{ }}", "{{\u0001}}", "{{&}}", "{{{}}}", "{{{ }}}")) {
            assertThat(problems("\n😀 " + tag))
                    .as(tag)
                    .containsExactly("a tag names nothing at line 2, column 3");
        }
        for (var include : List.of("include x", "include 'x'", "include \"x", "include")) {
            assertThat(problems("ab{{" + include + "}}"))
                    .as(include)
                    .singleElement()
                    .asString()
                    .endsWith("line 1, column 3");
        }
        assertThat(problems("a\n{{x\ny}}")).singleElement().asString().contains("newline");
        assertThat(problems("a\n{{{x}} b")).singleElement().asString().contains("line 2");
    }

    @Test
    void problems_are_told_up_to_a_number() {
        assertThat(problems("{{#a}}".repeat(50_000))).hasSize(PromptTemplate.MAX_PROBLEMS);
        assertThat(problems("{{}}".repeat(50_000))).hasSize(PromptTemplate.MAX_PROBLEMS);
        assertThat(problems("{{include}}".repeat(20_000))).hasSize(PromptTemplate.MAX_PROBLEMS);
    }
}
