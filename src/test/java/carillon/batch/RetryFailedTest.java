package carillon.batch;

import static org.assertj.core.api.Assertions.assertThat;

import carillon.ai.Model;
import carillon.ai.Reply;
import carillon.ai.Spending;
import carillon.ai.Tokens;
import carillon.batch.BatchOrder.Scope;
import carillon.task.RetryOn;
import carillon.task.RetryPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Only the rows that failed are asked again; all answers that there are stay as they are.
final class RetryFailedTest {
    private static final RetryPolicy ONCE =
            new RetryPolicy(1, Duration.ZERO, Duration.ZERO, 1, RetryOn.TRANSIENT);

    @TempDir private Path folder;
    private final Queue<String> asked = new ConcurrentLinkedQueue<>();
    private Path output = Path.of("unset");

    private Path input() {
        return folder.resolve("in.csv");
    }

    private Path failed() {
        var name = String.valueOf(output.getFileName());
        return folder.resolve(name.replace(".", ".failed."));
    }

    private BatchEnd run(Scope scope, Predicate<String> fails) throws InterruptedException {
        return run(scope, Optional.empty(), fails);
    }

    private BatchEnd run(Scope scope, Optional<String> template, Predicate<String> fails)
            throws InterruptedException {
        var saying = new BatchOrder.Saying(Optional.of("echo"), template, false, true, scope);
        return batch(saying, false, (model, row) -> ask(model, row, fails)).run();
    }

    private Batch batch(BatchOrder.Saying saying, boolean resume, RowAsker asker) {
        var pace = new BatchOrder.Pace(4, OptionalLong.empty(), ONCE);
        return new Batch(
                new BatchOrder(input(), output, saying, pace, resume),
                new Batch.Means(
                        _ -> Optional.of(Model.ECHO),
                        asker,
                        InstantSource.system(),
                        Duration.ofSeconds(5)));
    }

    private RowAsker.Asked ask(Model model, Row row, Predicate<String> fails) {
        asked.add(row.id());
        var reply =
                fails.test(row.id())
                        ? Reply.Failure.of("no", RetryOn.OTHER)
                        : new Reply.Answer(
                                "answer " + asked.size() + ",\n\"yes\" ü\r\n",
                                Optional.of(new Tokens(3, 1)));
        return new RowAsker.Asked(
                reply,
                model.name(),
                new Spending(Optional.of(new Tokens(3, 1)), OptionalLong.of(5)));
    }

    private void rows(String... questions) throws IOException {
        var text = new StringBuilder("id,prompt\n");
        for (int i = 0; i < questions.length; i++) {
            text.append("r").append(i).append(',').append(questions[i]).append('\n');
        }
        Files.writeString(input(), text);
    }

    private static String refusal(BatchEnd end) {
        assertThat(end).isInstanceOf(BatchEnd.Refused.class);
        return ((BatchEnd.Refused) end).cause() + ": " + ((BatchEnd.Refused) end).reason();
    }

    @ParameterizedTest
    @ValueSource(strings = {"out.csv", "out.jsonl"})
    void answers_stay_to_the_byte_and_only_failed_rows_are_asked(String name)
            throws IOException, InterruptedException {
        output = folder.resolve(name);
        rows("one", "\"two, \"\"quoted\"\"\nover lines\"", "three", "four", "five");
        assertThat(run(Scope.ALL, id -> id.equals("r0") || id.equals("r3") || id.equals("r4")))
                .isEqualTo(new BatchEnd.Whole(new Totals(2, 3, 15, 5, 25)));
        var before = Files.readString(output);

        asked.clear();
        assertThat(run(Scope.FAILED, id -> id.equals("r3")))
                .isEqualTo(new BatchEnd.Whole(new Totals(4, 1, 9, 3, 15)));
        assertThat(asked).containsExactlyInAnyOrder("r0", "r3", "r4");
        var header = name.endsWith("csv") ? before.indexOf('\n') + 1 : 0;
        assertThat(Files.readString(output)).contains(before.substring(header));
        assertThat(Files.readString(failed())).contains("r3").doesNotContain("r0");

        asked.clear();
        assertThat(run(Scope.FAILED, _ -> false)).isInstanceOf(BatchEnd.Whole.class);
        assertThat(asked).containsExactly("r3");
        assertThat(failed()).doesNotExist();
        var whole = Files.readString(output);
        var places = List.of("r0", "r1", "r2", "r3", "r4").stream().map(whole::indexOf).toList();
        assertThat(places).isSorted().doesNotContain(-1);
        assertThat(run(Scope.FAILED, _ -> true))
                .isEqualTo(new BatchEnd.Whole(new Totals(5, 0, 0, 0, 0)));
        assertThat(Files.readString(output)).isEqualTo(whole);
    }

    @Test
    void bad_rows_may_be_put_right_in_between_and_others_not()
            throws IOException, InterruptedException {
        output = folder.resolve("out.csv");
        rows("one", "", "three");
        assertThat(run(Scope.ALL, _ -> false))
                .isEqualTo(new BatchEnd.Whole(new Totals(2, 1, 6, 2, 10)));

        rows("one", "two", "other");
        assertThat(refusal(run(Scope.FAILED, _ -> false)))
                .startsWith("CHANGED: ")
                .contains("the question of row 4 (r2) is another now");
        rows("one", "two");
        assertThat(refusal(run(Scope.FAILED, _ -> false)))
                .contains("no row that follows in the input is 'r2'");
        assertThat(Workplace.folderOf(output)).doesNotExist();

        asked.clear();
        rows("one", "two", "three");
        assertThat(run(Scope.FAILED, _ -> false)).isInstanceOf(BatchEnd.Whole.class);
        assertThat(asked).containsExactly("r1");
    }

    @Test
    void a_template_that_tells_the_time_does_not_make_other_questions()
            throws IOException, InterruptedException {
        output = folder.resolve("out.csv");
        rows("one", "two");
        var template = Optional.of("{{datetime}} {{prompt}}");
        run(Scope.ALL, template, id -> id.equals("r1"));
        // As one of another day would stand there.
        Files.writeString(
                output, Files.readString(output).replaceAll("20..-..-..T", "2001-01-01T"));

        asked.clear();
        assertThat(run(Scope.FAILED, template, _ -> false)).isInstanceOf(BatchEnd.Whole.class);
        assertThat(asked).containsExactly("r1");
    }

    @Test
    void what_is_no_output_is_not_taken_for_one() throws IOException, InterruptedException {
        output = folder.resolve("out.csv");
        rows("one");
        assertThat(refusal(run(Scope.FAILED, _ -> false)))
                .startsWith("SETTINGS: there is no output");
        Files.writeString(output, "ID,Response\nr0,yes\n");
        assertThat(refusal(run(Scope.FAILED, _ -> false))).contains("its header is another");
        output = folder.resolve("out.jsonl");
        Files.writeString(output, "{\"id\":\"r0\"}\n");
        assertThat(refusal(run(Scope.FAILED, _ -> false))).contains("line 1 has no id or request");
        Files.writeString(output, "{\"id\":\n");
        assertThat(refusal(run(Scope.FAILED, _ -> false))).contains("line 1 is no JSON object");
        assertThat(asked).isEmpty();
    }

    @Test
    void one_that_was_stopped_goes_on_as_what_it_was() throws IOException, InterruptedException {
        output = folder.resolve("out.csv");
        var questions = new String[60];
        Arrays.setAll(questions, i -> "question " + i);
        rows(questions);
        run(Scope.ALL, id -> Integer.parseInt(id.substring(1)) % 2 == 0);

        var saying =
                new BatchOrder.Saying(
                        Optional.of("echo"), Optional.empty(), false, true, Scope.FAILED);
        var batch = new AtomicReference<Optional<Batch>>(Optional.empty());
        var first = new CountDownLatch(5);
        asked.clear();
        RowAsker stopping =
                (model, row) -> {
                    first.countDown();
                    if (first.getCount() == 0) {
                        batch.get().orElseThrow().stop();
                    }
                    return ask(model, row, _ -> false);
                };
        batch.set(Optional.of(batch(saying, false, stopping)));
        assertThat(batch.get().orElseThrow().run()).isInstanceOf(BatchEnd.Stopped.class);

        var all = new BatchOrder.Saying(saying.model(), saying.template(), false, true, Scope.ALL);
        assertThat(refusal(batch(all, true, (m, row) -> ask(m, row, _ -> false)).run()))
                .startsWith("SETTINGS");
        var end = batch(saying, true, (m, row) -> ask(m, row, _ -> false)).run();
        assertThat(((BatchEnd.Whole) end).totals().succeeded()).isEqualTo(60);
        assertThat(asked).hasSize(30).doesNotHaveDuplicates();
    }
}
