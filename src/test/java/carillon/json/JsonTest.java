package carillon.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "   ",
                "{",
                "{\"a\":1,\"a\":2}",
                "{} {}",
                "[1,]",
                "NaN",
                "{'a':1}",
                "{\"a\":01}",
                "\"\\ud800\"",
                "{\"\\udc00\":1}",
                "\"a\\u0000b\"",
                "// comment\n1",
                "nul"
            })
    void a_text_that_is_no_strict_json_is_refused(String text) {
        assertThatThrownBy(() -> Json.read(text)).isInstanceOf(JsonException.class);
    }

    @Test
    void a_fault_tells_line_and_column_and_quotes_no_source() {
        assertThatThrownBy(() -> Json.read("{\n  \"password\": \"hunter2\",\n  oops\n}"))
                .isInstanceOfSatisfying(
                        JsonException.class,
                        fault -> {
                            assertThat(fault.line()).isEqualTo(3);
                            assertThat(fault.column()).isPositive();
                            assertThat(fault)
                                    .hasMessageContaining("malformed JSON at line 3")
                                    .message()
                                    .doesNotContain("hunter2")
                                    .doesNotContain("Source");
                        });
    }

    @Test
    void depth_is_bounded_at_a_hundred() {
        assertThat(Json.read("[".repeat(100) + "]".repeat(100)).isArray()).isTrue();
        assertThatThrownBy(() -> Json.read("[".repeat(100_000)))
                .isInstanceOf(JsonException.class)
                .hasMessageContaining("nesting depth")
                .message()
                .doesNotContain("StreamReadConstraints");
    }

    @Test
    void lengths_of_numbers_and_strings_are_bounded() {
        assertThatThrownBy(() -> Json.read("1".repeat(101))).isInstanceOf(JsonException.class);
        assertThatThrownBy(() -> Json.read("\"" + "x".repeat(Json.MAX_STRING_LENGTH + 1) + "\""))
                .isInstanceOf(JsonException.class);
    }

    @Test
    void numbers_keep_their_digits() {
        var text = "[1.10,1e400,123456789012345678901234567890,0.1]";
        assertThat(Json.write(Json.read(text)))
                .isEqualTo("[1.10,1E+400,123456789012345678901234567890,0.1]");
    }

    @Test
    void bytes_must_be_utf_8() {
        assertThat(Json.read("\"\ud83d\udd14 é\"".getBytes(StandardCharsets.UTF_8)).textValue())
                .isEqualTo("\ud83d\udd14 é");
        assertThatThrownBy(() -> Json.read(new byte[] {'"', (byte) 0xc3, '"'}))
                .isInstanceOf(JsonException.class)
                .hasMessageContaining("UTF-8");
        assertThatThrownBy(() -> Json.read("{}".getBytes(StandardCharsets.UTF_16)))
                .isInstanceOf(JsonException.class);
    }

    @Test
    void an_object_is_asked_for_by_name() {
        assertThat(Json.readObject("{\"a\":1}").size()).isEqualTo(1);
        assertThatThrownBy(() -> Json.readObject("[]")).hasMessage("must be a JSON object");
    }

    @Test
    void the_nearest_name_is_the_one_with_the_fewest_typing_errors() {
        var known = java.util.List.of("port", "bind", "timeout");
        assertThat(Nearest.to("prot", known)).contains("port");
        assertThat(Nearest.to("timeuot", known)).contains("timeout");
        assertThat(Nearest.to("database", known)).isEmpty();
        assertThat(Nearest.to("x".repeat(100_000), known)).isEmpty();
    }
}
