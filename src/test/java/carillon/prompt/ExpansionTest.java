package carillon.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import carillon.prompt.Rendering.BrokenInclude;
import carillon.prompt.Rendering.BrokenInclude.Reason;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Templates with their values, their includes, and what is refused when one is stored.
final class ExpansionTest {
    private final Map<String, PromptDefinition> prompts = new HashMap<>();

    private static Variable optional(String name) {
        return new Variable(name, "", false, Optional.empty());
    }

    private static Variable preset(String name, String preset) {
        return new Variable(name, "", false, Optional.of(preset));
    }

    private static Variable required(String name) {
        return new Variable(name, "", true, Optional.empty());
    }

    private PromptDefinition prompt(String name, String text, Variable... variables) {
        var definition = new PromptDefinition(name, "", "", List.of(), text, List.of(variables));
        prompts.put(name, definition);
        return definition;
    }

    private PromptDefinition known(String name) {
        return Optional.ofNullable(prompts.get(name)).orElseThrow();
    }

    private Expansion expansion(Map<String, String> builtins) {
        return new Expansion(name -> Optional.ofNullable(prompts.get(name)), builtins);
    }

    private String text(PromptDefinition definition, Map<String, String> given) {
        var expansion = expansion(Map.of());
        var text = expansion.expand(definition, given);
        assertThat(expansion.failure()).isEmpty();
        assertThat(expansion.missing()).isEmpty();
        return text;
    }

    private Rendering failure(PromptDefinition definition) {
        var expansion = expansion(Map.of());
        expansion.expand(definition, Map.of());
        return expansion.failure().orElseThrow();
    }

    @Test
    void values_come_from_what_is_given_then_from_presets_then_are_empty() {
        var prompt =
                prompt("a", "{{x}}-{{y}}-{{z}}", preset("x", "1"), preset("y", "2"), optional("z"));

        assertThat(text(prompt, Map.of("y", "given", "other", "unused"))).isEqualTo("1-given-");
        assertThat(text(prompt, Map.of("y", ""))).isEqualTo("1--");
    }

    @Test
    void required_variables_that_are_not_given_are_named_used_or_not() {
        var withPreset = new Variable("w", "", true, Optional.of("preset"));
        prompt("part", "{{z}}", required("z"));
        var prompt =
                prompt(
                        "a",
                        "{{x}} {{w}} {{include \"part\"}}",
                        required("x"),
                        required("y"),
                        withPreset);
        var expansion = expansion(Map.of());

        expansion.expand(prompt, Map.of("x", "1"));

        assertThat(expansion.missing()).containsExactly("y", "z");
        assertThat(text(prompt, Map.of("x", "1", "y", "", "z", "3"))).isEqualTo("1 preset 3");
    }

    @Test
    void built_in_variables_are_there_and_cannot_be_given() {
        var prompt = prompt("a", "{{date}}|{{run_id}}|{{previous_response}}");
        var expansion = expansion(Map.of("date", "2026-03-29", "run_id", "7"));

        var text = expansion.expand(prompt, Map.of("date", "never"));

        assertThat(text).isEqualTo("2026-03-29|7|");
        assertThat(expansion.missing()).isEmpty();
    }

    @Test
    void what_is_included_sees_the_values_of_what_includes_it() {
        prompt("inner", "{{tone}}/{{size}}", preset("tone", "plain"), preset("size", "small"));
        var outer =
                prompt(
                        "outer",
                        "{{include \"inner\"}} {{tone}} {{size}}",
                        preset("tone", "formal"),
                        optional("size"));

        assertThat(text(outer, Map.of())).isEqualTo("formal/small formal ");
        assertThat(text(outer, Map.of("tone", "t", "size", "s"))).isEqualTo("t/s t s");
    }

    @Test
    void no_value_is_read_as_a_template_at_any_depth() {
        prompt("c", "[{{x}}]", required("x"));
        prompt("b", "{{include \"c\"}}{{include \"c\"}}");
        var a = prompt("a", "{{include \"b\"}} {{x}}", required("x"));
        var value = "{{x}} {{include \"a\"}} <&>";

        assertThat(text(a, Map.of("x", value)))
                .isEqualTo("[" + value + "][" + value + "] " + value);
    }

    @Test
    void broken_includes_name_the_chain() {
        var a = prompt("a", "{{include \"b\"}}");
        prompt("b", "{{include \"c\"}}");
        assertThat(failure(a)).isEqualTo(new BrokenInclude(List.of("a", "b", "c"), Reason.UNKNOWN));
        prompt("c", "{{include \"b\"}}");
        assertThat(failure(a))
                .isEqualTo(new BrokenInclude(List.of("a", "b", "c", "b"), Reason.CYCLE));
        prompt("c", "{{#no}}");
        assertThat(failure(a))
                .isEqualTo(new BrokenInclude(List.of("a", "b", "c"), Reason.UNREADABLE));
        var self = prompt("self", "{{include \"self\"}}");
        assertThat(failure(self)).isInstanceOf(BrokenInclude.class);
        assertThat(((BrokenInclude) failure(self)).message())
                .isEqualTo("self → self: it includes itself");
    }

    @Test
    void includes_go_ten_deep_and_no_deeper() {
        for (int i = 0; i < 10; i++) {
            prompt("p" + i, "{{include \"p" + (i + 1) + "\"}}");
        }
        prompt("p10", "end");
        assertThat(text(known("p0"), Map.of())).isEqualTo("end");

        prompt("p10", "{{include \"p11\"}}");
        prompt("p11", "end");
        assertThat(failure(known("p0")))
                .asInstanceOf(
                        org.assertj.core.api.InstanceOfAssertFactories.type(BrokenInclude.class))
                .satisfies(
                        broken -> {
                            assertThat(broken.reason()).isEqualTo(Reason.TOO_DEEP);
                            assertThat(broken.chain()).hasSize(12).endsWith("p10", "p11");
                        });
    }

    @Test
    void a_tree_of_includes_and_a_text_that_grows_are_bounded() {
        for (int level = 0; level < 9; level++) {
            var text = new StringBuilder();
            for (int i = 0; i < 8; i++) {
                prompt("l" + (level + 1) + "-" + i, "x");
                text.append("{{include \"l").append(level + 1).append('-').append(i).append("\"}}");
            }
            for (int i = 0; i < 8; i++) {
                prompt("l" + level + "-" + i, text.toString());
            }
        }
        var failure = failure(known("l0-0"));
        assertThat(((BrokenInclude) failure).reason()).isEqualTo(Reason.TOO_MANY);

        var big = "x".repeat(Expansion.MAX_LENGTH / 2);
        var twice = prompt("twice", "{{x}}{{x}}", preset("x", ""));
        var thrice = prompt("thrice", "{{x}}{{x}}{{x}}", preset("x", ""));
        assertThat(text(twice, Map.of("x", big))).hasSize(Expansion.MAX_LENGTH);
        var expansion = expansion(Map.of());
        assertThat(expansion.expand(thrice, Map.of("x", big))).isEmpty();
        assertThat(expansion.failure()).hasValue(new Rendering.TooLong(Expansion.MAX_LENGTH));
    }

    private List<Fault> faults(PromptDefinition definition) {
        return Checks.of(definition, name -> Optional.ofNullable(prompts.get(name)));
    }

    @Test
    void an_unknown_variable_is_a_fault_with_its_place() {
        var faults = faults(prompt("a", "{{x}} {{time}}\n  {{y}}{{y}} {{this}}", optional("x")));

        assertThat(faults).extracting(Fault::field).containsExactly("text", "text");
        assertThat(faults.get(0).message())
                .startsWith("unknown variable 'y' at line 2, column 3: declare it");
        assertThat(faults.get(1).message()).startsWith("unknown variable 'this' at line 2");
        assertThat(faults(prompt("b", "{{#x}}"))).hasSize(1);
        assertThat(faults(prompt("c", "{{x}}", required("x")))).isEmpty();
    }

    @Test
    void a_broken_include_is_a_fault_with_its_place_and_its_chain() {
        prompt("part", "{{include \"a\"}}");
        assertThat(faults(prompt("a", "\n {{include \"part\"}}")))
                .containsExactly(
                        new Fault(
                                "text",
                                "broken include at line 2, column 2: a → part → a: it includes"
                                        + " itself"));
        assertThat(faults(prompt("b", "{{include \"no\"}}")))
                .extracting(Fault::message)
                .containsExactly(
                        "broken include at line 1, column 1: b → no: there is no such prompt");
        prompt("needs", "{{x}}", required("x"));
        assertThat(faults(prompt("c", "{{include \"needs\"}}"))).isEmpty();
    }
}
