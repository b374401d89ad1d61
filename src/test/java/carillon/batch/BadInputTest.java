package carillon.batch;

import static org.assertj.core.api.Assertions.assertThat;

import carillon.ai.AdministratorModels;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BadInputTest {
    private static final BatchOrder.Saying ECHO =
            new BatchOrder.Saying(
                    Optional.of("echo"), Optional.empty(), false, false, BatchOrder.Scope.ALL);

    @TempDir private Path folder;

    private InputCheck.Verdict check(String name, byte[] bytes, BatchOrder.Saying saying)
            throws IOException {
        var file = folder.resolve(name);
        Files.write(file, bytes);
        return InputCheck.check(
                file, saying, AdministratorModels.NONE, Instant.EPOCH, folder.resolve("scratch"));
    }

    /// What is said of a file, each problem as people see it.
    private List<String> said(String name, byte[] bytes, BatchOrder.Saying saying)
            throws IOException {
        return switch (check(name, bytes, saying)) {
            case InputCheck.Verdict.Refused(var why) -> List.of(why.reason());
            case InputCheck.Verdict.Read(_, var problems) ->
                    problems.kept().stream().map(RowProblem::toString).toList();
        };
    }

    private List<String> csv(String text) throws IOException {
        return said("in.csv", text.getBytes(StandardCharsets.UTF_8), ECHO);
    }

    private List<String> json(String text) throws IOException {
        return said("in.jsonl", text.getBytes(StandardCharsets.UTF_8), ECHO);
    }

    @Test
    void all_bad_rows_are_told_together_with_row_and_column() throws IOException {
        var text =
                """
                id,prompt,temperature,maxTokens,metadata,model
                a,one,3,,,
                b,,0.5,,,
                c d,three,warm,0,,
                e,five,,5000,[1],
                f,six,1,12.5,,gpt-9
                g,seven,2,4096,"{""k"":1}",echo
                """;
        assertThat(csv(text))
                .containsExactly(
                        "row 2, column temperature: must be a number from 0 to 2",
                        "row 3, column prompt: is empty; a row needs a prompt or messages",
                        "row 4, column id: must have 1 to 100 letters, digits, '_' and '-'",
                        "row 4, column temperature: must be a number, not 'warm'",
                        "row 5, column metadata: must be a JSON object",
                        "row 6, column maxTokens: must be a whole number from 1");
    }

    @Test
    void a_model_that_there_is_not_and_too_many_tokens_are_told() throws IOException {
        assertThat(csv("prompt,model,maxTokens\none,gpt-9,\ntwo,echo,4097\nthree,echo,100.0\n"))
                .containsExactly(
                        "row 2, column model: there is no model 'gpt-9'",
                        "row 3, column maxTokens: must be a whole number from 1 to 4096");
    }

    @Test
    void without_a_model_anywhere_each_row_says_so() throws IOException {
        var nobody =
                new BatchOrder.Saying(
                        Optional.empty(), Optional.empty(), false, false, BatchOrder.Scope.ALL);
        assertThat(said("in.csv", "prompt\none\n".getBytes(StandardCharsets.UTF_8), nobody))
                .containsExactly("row 2, column model: is empty, and the batch names no model");
    }

    @Test
    void a_wrong_header_stops_the_reading() throws IOException {
        assertThat(csv("id,promt\na,b\n"))
                .containsExactly(
                        "row 1, column promt: is unknown; did you mean 'prompt'?",
                        "row 1: the header names neither prompt nor messages; it has id, promt");
        assertThat(csv("prompt,prompt\na,b\n"))
                .containsExactly("row 1, column prompt: stands there twice");
        assertThat(csv("prompt,,id\na,b,c\n")).containsExactly("row 1: column 2 has no name");
        assertThat(csv("")).containsExactly("row 1: the file is empty: it has no header");
    }

    @Test
    void rows_with_too_few_or_too_many_fields_are_told() throws IOException {
        assertThat(csv("id,prompt\na,\"one\nand a half\"\nb\n\nd,four,more\n"))
                .containsExactly(
                        "row 3: has 1 fields where the header has 2 (the row begins at line 4)",
                        "row 5: has 3 fields where the header has 2 (the row begins at line 6)");
    }

    @Test
    void broken_quotes_are_told_where_they_are() throws IOException {
        assertThat(csv("id,prompt\na,5\" disk\nb,two\n"))
                .containsExactly(
                        "row 2, column prompt: has a quote inside a field that does not begin with"
                                + " one; write the field as \"…\" with each quote in it doubled");
        assertThat(csv("id,prompt\na,\"one\nb,two\nc,three\n"))
                .containsExactly("row 2: a quote is opened and never closed");
        assertThat(csv("id,prompt\na,one\nb,\"two\"x\nc,three\n"))
                .containsExactly(
                        "row 3: something stands between the closing quote of a field and the"
                                + " comma");
    }

    @Test
    void a_field_of_100_megabytes_is_refused_without_being_kept() throws IOException {
        var file = folder.resolve("huge.csv");
        try (var out = Files.newBufferedWriter(file)) {
            out.write("prompt\nfine\n");
            var piece = "x".repeat(1024 * 1024);
            for (int i = 0; i < 100; i++) {
                out.write(piece);
            }
            out.write("\nfine\n");
        }
        var verdict = InputCheck.check(file, ECHO, AdministratorModels.NONE, Instant.EPOCH, folder);
        assertThat(((InputCheck.Verdict.Read) verdict).problems().kept())
                .extracting(RowProblem::toString)
                .containsExactly(
                        "row 3: a field has more than 1048576 characters, or a quote is opened and"
                                + " never closed");
        var line = "{\"prompt\":\"" + "x".repeat(5 * 1024 * 1024) + "\"}\n{\"prompt\":\"b\"}\n{";
        assertThat(json(line).getFirst()).isEqualTo("row 1: the line has more than 4194304 bytes");
        assertThat(json(line)).hasSize(2).last().asString().startsWith("row 3: malformed JSON at");
    }

    @Test
    void nul_bytes_and_bytes_that_are_not_utf_8_are_told() throws IOException {
        assertThat(csv("id,prompt\na,o\0ne\n"))
                .containsExactly("row 2, column prompt: holds a NUL byte");
        var latin = "id,prompt\na,caf\u00e9\n".getBytes(StandardCharsets.ISO_8859_1);
        assertThat(said("in.csv", latin, ECHO))
                .containsExactly("row 2, column prompt: holds bytes that are not UTF-8");
        var latinJson = "{\"prompt\":\"caf\u00e9\"}".getBytes(StandardCharsets.ISO_8859_1);
        assertThat(said("in.jsonl", latinJson, ECHO))
                .containsExactly("row 1: malformed JSON: the bytes are not UTF-8");
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-16BE"})
    void utf_16_is_refused_in_words(String charset) throws IOException {
        var bytes = "id,prompt\na,one\n".getBytes(Charset.forName(charset));
        assertThat(said("in.csv", bytes, ECHO))
                .containsExactly("row 1: the file is in UTF-16; save it as UTF-8");
    }

    @Test
    void a_byte_order_mark_and_mixed_line_ends_are_no_fault() throws IOException {
        assertThat(csv("\ufeffid,prompt\r\na,one\nb,two\rc,\"three\r\nlines\"\r\n")).isEmpty();
        assertThat(json("\ufeff{\"prompt\":\"one\"}\r\n\r\n{\"prompt\":\"two\"}")).isEmpty();
    }

    @Test
    void bad_json_is_told_by_its_line() throws IOException {
        var text =
                "{\"prompt\":\"fine\"}\n".repeat(56) + "{\"prompt\": oops}\n{\"prompt\":1}\n[]\n";
        assertThat(json(text)).hasSize(3);
        assertThat(json(text).getFirst()).startsWith("row 57: malformed JSON at column 12");
        assertThat(json(text).subList(1, 3))
                .containsExactly(
                        "row 58, column prompt: must be a string", "row 59: must be a JSON object");
        assertThat(json("{\"prompt\":\"a\",\"temprature\":1}\n"))
                .containsExactly(
                        "row 1, column temprature: is unknown; did you mean 'temperature'?");
    }

    @Test
    void messages_are_roles_and_contents_and_end_with_the_user() throws IOException {
        assertThat(
                        json(
                                """
                                {"messages":[{"role":"user","content":"hi"}]}
                                {"messages":[{"role":"tool","content":"hi"}]}
                                {"messages":[{"role":"assistant","content":"hi"}]}
                                {"messages":[]}
                                """))
                .extracting(said -> said.substring(0, 23))
                .containsExactly(
                        "row 2, column messages:",
                        "row 3, column messages:",
                        "row 4, column messages:");
    }

    @Test
    void ids_and_keys_that_several_rows_have_are_told() throws IOException {
        assertThat(csv("id,prompt,idempotency_key\na,1,k\nb,2,k\na,3,\ntask-5,4,a\n,5,\n"))
                .containsExactly(
                        "row 3, column idempotency_key: is the same as in row 2",
                        "row 4, column id: is the same as in row 2",
                        "row 6, column id: is the same as in row 5");
    }

    @Test
    void problems_without_end_are_counted_and_the_first_thousand_kept() throws IOException {
        var text = "prompt,temperature\n" + "a,9\n".repeat(3_000);
        var verdict = check("in.csv", text.getBytes(StandardCharsets.UTF_8), ECHO);
        var problems = ((InputCheck.Verdict.Read) verdict).problems();
        assertThat(problems.count()).isEqualTo(3_000);
        assertThat(problems.kept()).hasSize(RowProblems.MAX_KEPT);
    }

    @Test
    void a_template_names_the_columns_that_it_lacks() throws IOException {
        var saying =
                new BatchOrder.Saying(
                        Optional.of("echo"),
                        Optional.of("{{city}} {{date}}"),
                        false,
                        false,
                        BatchOrder.Scope.ALL);
        assertThat(said("in.csv", "town\nBonn\n".getBytes(StandardCharsets.UTF_8), saying))
                .containsExactly("row 1: the template needs the columns city, which are missing");
        var lines = "{\"city\":\"Bonn\"}\n{\"town\":\"Ulm\"}\n";
        assertThat(said("in.jsonl", lines.getBytes(StandardCharsets.UTF_8), saying))
                .containsExactly("row 2, column city: the template needs it");
    }

    @Test
    void files_that_are_not_there_or_of_another_kind_are_refused() throws IOException {
        var missing =
                InputCheck.check(
                        folder.resolve("no.csv"),
                        ECHO,
                        AdministratorModels.NONE,
                        Instant.EPOCH,
                        folder);
        assertThat(missing).isInstanceOf(InputCheck.Verdict.Refused.class);
        assertThat(said("in.txt", new byte[0], ECHO).getFirst())
                .endsWith("in.txt must end in .csv or .jsonl");
    }
}
