package carillon.batch;

import static org.assertj.core.api.Assertions.assertThat;

import carillon.ai.Defaults;
import carillon.ai.Limits;
import carillon.ai.Message;
import carillon.ai.Model;
import carillon.ai.ModelSource;
import carillon.ai.Prices;
import carillon.ai.Reply;
import carillon.ai.Spending;
import carillon.ai.Terms;
import carillon.ai.Tokens;
import carillon.task.RetryOn;
import carillon.task.RetryPolicy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BatchTest {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final RetryPolicy QUICK =
            new RetryPolicy(3, Duration.ZERO, Duration.ZERO, 1, RetryOn.TRANSIENT);

    /// A dollar for each token of an answer.
    private static final Model PRICED =
            new Model(
                    "priced",
                    Model.ECHO.provider(),
                    "priced",
                    Optional.empty(),
                    Defaults.NONE,
                    new Terms(
                            Optional.of(new Prices(BigDecimal.ZERO, new BigDecimal(1_000_000))),
                            Limits.NONE),
                    List.of(),
                    Duration.ofSeconds(10));

    private static final ModelSource MODELS =
            name ->
                    switch (name) {
                        case "echo" -> Optional.of(Model.ECHO);
                        case "priced" -> Optional.of(PRICED);
                        default -> Optional.empty();
                    };

    @TempDir private Path folder;
    private final Map<String, AtomicInteger> asked = new ConcurrentHashMap<>();

    private Path input() {
        return folder.resolve("in.csv");
    }

    private Path output() {
        return folder.resolve("out.csv");
    }

    private int countAsked(String id) {
        return asked.computeIfAbsent(id, _ -> new AtomicInteger()).incrementAndGet();
    }

    private RowAsker.Asked answer(Model model, Row row) {
        countAsked(row.id());
        var text = row.wording().question() + " to you";
        return new RowAsker.Asked(
                new Reply.Answer(text, Optional.of(new Tokens(3, 1))),
                model.name(),
                model.spending(Optional.of(new Tokens(3, 1))));
    }

    private static RowAsker.Asked failure(Model model, Reply.Failure failure) {
        return new RowAsker.Asked(failure, model.name(), Spending.NONE);
    }

    private static BatchOrder.Saying saying(boolean skip) {
        return new BatchOrder.Saying(
                Optional.of("echo"), Optional.empty(), false, skip, BatchOrder.Scope.ALL);
    }

    private static BatchOrder.Pace pace(OptionalLong budget) {
        return new BatchOrder.Pace(4, budget, QUICK);
    }

    private Batch batch(
            BatchOrder.Saying saying, OptionalLong budget, boolean resume, RowAsker asker) {
        return new Batch(
                new BatchOrder(input(), output(), saying, pace(budget), resume),
                new Batch.Means(MODELS, asker, InstantSource.system(), PATIENCE));
    }

    private BatchEnd run(boolean resume, RowAsker asker) throws InterruptedException {
        return batch(saying(false), OptionalLong.empty(), resume, asker).run();
    }

    private void rows(int count) throws IOException {
        var text = new StringBuilder("id,prompt\n");
        for (int i = 0; i < count; i++) {
            text.append("r").append(i).append(",good day ").append(i).append('\n');
        }
        Files.writeString(input(), text);
    }

    private static List<String> ids(Path file) throws IOException {
        return Files.readAllLines(file).stream()
                .skip(1)
                .map(line -> line.substring(0, line.indexOf(',')))
                .toList();
    }

    @Test
    void answers_stand_in_the_order_of_the_rows_and_failures_beside_them()
            throws IOException, InterruptedException {
        rows(50);
        RowAsker asker =
                (model, row) ->
                        row.id().equals("r7")
                                ? failure(model, Reply.Failure.of("no, \"never\"", RetryOn.OTHER))
                                : answer(model, row);
        var end = run(false, asker);

        assertThat(end).isEqualTo(new BatchEnd.Whole(new Totals(49, 1, 147, 49, 0)));
        assertThat(Files.readAllLines(output()).getFirst())
                .isEqualTo(
                        "ID,Success,Response,Error,Prompt Tokens,Completion Tokens,Total"
                                + " Tokens,Cost,Timestamp,Prompt,Model,Temperature,Max Tokens");
        assertThat(ids(output())).hasSize(49).startsWith("r0", "r1").endsWith("r48", "r49");
        assertThat(Files.readAllLines(folder.resolve("out.failed.csv")).get(1))
                .matches("r7,false,,\"no, \"\"never\"\"\",,,,,20.*Z,good day 7,echo,,");
        assertThat(Workplace.folderOf(output())).doesNotExist();
    }

    @Test
    void failures_that_pass_are_tried_again_and_too_many_questions_use_up_no_attempt()
            throws IOException, InterruptedException {
        rows(2);
        var soon = Optional.of(Duration.ofMillis(1));
        RowAsker asker =
                (model, row) -> {
                    int time = countAsked(row.id());
                    if (row.id().equals("r0") && time <= 5) {
                        return failure(
                                model,
                                new Reply.Failure(
                                        "busy", RetryOn.forStatus(429), OptionalInt.of(429), soon));
                    }
                    return row.id().equals("r1") && time <= 5
                            ? failure(model, Reply.Failure.of("broken line", RetryOn.NETWORK))
                            : answer(model, row);
                };
        assertThat(run(false, asker)).isInstanceOf(BatchEnd.Whole.class);
        assertThat(ids(output())).containsExactly("r0");
        assertThat(ids(folder.resolve("out.failed.csv"))).containsExactly("r1");
        assertThat(asked.get("r1")).hasValue(3);
    }

    @Test
    void a_slow_row_holds_the_others_back_no_more_than_memory_allows()
            throws IOException, InterruptedException {
        rows(3 * Recorder.MAX_AHEAD);
        var go = new CountDownLatch(1);
        var ahead = new AtomicInteger();
        RowAsker asker =
                (model, row) -> {
                    if (row.id().equals("r0")) {
                        go.await();
                    } else if (ahead.incrementAndGet() == Recorder.MAX_AHEAD - 1) {
                        go.countDown(); // As many as may; one more would never come.
                    }
                    return answer(model, row);
                };
        assertThat(run(false, asker)).isInstanceOf(BatchEnd.Whole.class);
        assertThat(ids(output())).hasSize(3 * Recorder.MAX_AHEAD).startsWith("r0", "r1", "r2");
    }

    @Test
    void a_stopped_batch_goes_on_without_asking_a_finished_row_again()
            throws IOException, InterruptedException {
        rows(200);
        var batch = new AtomicReference<Optional<Batch>>(Optional.empty());
        RowAsker asker =
                (model, row) -> {
                    if (row.id().equals("r90")) {
                        batch.get().orElseThrow().stop();
                    }
                    return answer(model, row);
                };
        batch.set(Optional.of(batch(saying(false), OptionalLong.empty(), false, asker)));
        var first = batch.get().orElseThrow().run();
        assertThat(first).isInstanceOf(BatchEnd.Stopped.class);
        assertThat(output()).doesNotExist();
        assertThat(((BatchEnd.Stopped) first).totals().rows()).isBetween(87L, 199L);

        assertThat(run(false, this::answer))
                .isInstanceOfSatisfying(
                        BatchEnd.Refused.class,
                        refused -> assertThat(refused.cause()).isEqualTo(BatchEnd.Cause.TAKEN));
        var end = run(true, this::answer);
        assertThat(end).isEqualTo(new BatchEnd.Whole(new Totals(200, 0, 600, 200, 0)));
        assertThat(ids(output())).hasSize(200).doesNotHaveDuplicates();
        assertThat(asked.values()).hasSize(200).allSatisfy(times -> assertThat(times).hasValue(1));
    }

    /// The few rows beyond those under way have been read by then.
    @Test
    void rows_that_nobody_took_before_the_stop_are_asked_later()
            throws IOException, InterruptedException {
        rows(12);
        var batch = new AtomicReference<Optional<Batch>>(Optional.empty());
        RowAsker asker =
                (model, row) -> {
                    Thread.sleep(100); // The reader, which nobody can watch, needs less for 12.
                    batch.get().orElseThrow().stop();
                    return answer(model, row);
                };
        batch.set(Optional.of(batch(saying(false), OptionalLong.empty(), false, asker)));
        assertThat(batch.get().orElseThrow().run()).isInstanceOf(BatchEnd.Stopped.class);
        assertThat(run(true, this::answer))
                .isEqualTo(new BatchEnd.Whole(new Totals(12, 0, 36, 12, 0)));
        assertThat(asked.values()).hasSize(12).allSatisfy(times -> assertThat(times).hasValue(1));
    }

    @Test
    void an_input_that_changed_is_not_gone_on_with() throws IOException, InterruptedException {
        rows(60);
        var batch = new AtomicReference<Optional<Batch>>(Optional.empty());
        RowAsker stopping =
                (model, row) -> {
                    batch.get().orElseThrow().stop();
                    return answer(model, row);
                };
        batch.set(Optional.of(batch(saying(false), OptionalLong.empty(), false, stopping)));
        assertThat(batch.get().orElseThrow().run()).isInstanceOf(BatchEnd.Stopped.class);
        var text = Files.readString(input());
        Files.writeString(input(), text.replace("good day 59", "bad day 59"));
        assertThat(run(true, this::answer))
                .isInstanceOfSatisfying(
                        BatchEnd.Refused.class,
                        refused -> {
                            assertThat(refused.cause()).isEqualTo(BatchEnd.Cause.CHANGED);
                            assertThat(refused.reason()).contains("put it back");
                        });
        Files.writeString(input(), text);
        assertThat(run(true, this::answer)).isInstanceOf(BatchEnd.Whole.class);
    }

    @Test
    void no_row_of_an_input_that_changes_meanwhile_is_asked()
            throws IOException, InterruptedException {
        var text = "id,prompt\n" + "r%d,%s\n".repeat(40);
        var values = new ArrayList<Object>();
        for (int i = 0; i < 40; i++) {
            values.add(i);
            values.add("x".repeat(100_000));
        }
        var whole = String.format(Locale.ROOT, text, values.toArray());
        Files.writeString(input(), whole);
        RowAsker asker =
                (model, row) -> {
                    if (row.id().equals("r0")) {
                        overwrite(whole.replace("r39,x", "r39,y"));
                    }
                    assertThat(row.wording().question()).startsWith("x");
                    return answer(model, row);
                };
        // One at a time, so that the change comes before the last block is read.
        var order =
                new BatchOrder(
                        input(),
                        output(),
                        saying(false),
                        new BatchOrder.Pace(1, OptionalLong.empty(), QUICK),
                        false);
        var means = new Batch.Means(MODELS, asker, InstantSource.system(), PATIENCE);
        assertThat(new Batch(order, means).run())
                .isInstanceOfSatisfying(
                        BatchEnd.Refused.class,
                        refused -> assertThat(refused.cause()).isEqualTo(BatchEnd.Cause.CHANGED));
        assertThat(asked).doesNotContainKey("r39");
        assertThat(output()).doesNotExist();
    }

    private void overwrite(String text) {
        try {
            Files.writeString(input(), text);
        } catch (IOException e) {
            throw new UncheckedIOException("overwriting the input", e);
        }
    }

    @Test
    void no_more_is_spent_than_the_budget_allows() throws IOException, InterruptedException {
        Files.writeString(input(), "id,prompt,model,maxTokens\n");
        var rows = new StringBuilder(Files.readString(input()));
        for (int i = 0; i < 30; i++) {
            rows.append("r").append(i).append(",good day,priced,2\n");
        }
        Files.writeString(input(), rows);
        // A row may cost two dollars and costs one.
        var end = batch(saying(false), OptionalLong.of(10_000_000_000L), false, this::answer).run();
        assertThat(end)
                .isInstanceOfSatisfying(
                        BatchEnd.OutOfBudget.class,
                        out ->
                                assertThat(out.totals().costNanodollars())
                                        .isBetween(9_000_000_000L, 10_000_000_000L));
        var more = batch(saying(false), OptionalLong.of(40_000_000_000L), true, this::answer).run();
        assertThat(more).isEqualTo(new BatchEnd.Whole(new Totals(30, 0, 90, 30, 30_000_000_000L)));
    }

    @Test
    void a_budget_wants_prices() throws IOException, InterruptedException {
        Files.writeString(input(), "prompt,model\none,echo\n");
        ModelSource unpriced =
                name ->
                        Optional.of(
                                new Model(
                                        name,
                                        Model.ECHO.provider(),
                                        name,
                                        Optional.empty(),
                                        Defaults.NONE,
                                        Terms.UNKNOWN,
                                        List.of(),
                                        Duration.ofSeconds(1)));
        var order =
                new BatchOrder(input(), output(), saying(false), pace(OptionalLong.of(1)), false);
        var means = new Batch.Means(unpriced, this::answer, InstantSource.system(), PATIENCE);
        assertThat(new Batch(order, means).run())
                .isInstanceOfSatisfying(
                        BatchEnd.BadRows.class,
                        bad ->
                                assertThat(bad.problems().kept().getFirst().message())
                                        .contains("has no prices"));
    }

    @Test
    void bad_rows_stop_it_before_anything_is_asked_or_count_as_failures()
            throws IOException, InterruptedException {
        Files.writeString(
                input(), "id,prompt,temperature\na,one,1\nb,two,9\na,three,\nd,four,0.25\n");
        assertThat(run(false, this::answer)).isInstanceOf(BatchEnd.BadRows.class);
        assertThat(asked).isEmpty();
        assertThat(Workplace.folderOf(output())).doesNotExist();

        var end = batch(saying(true), OptionalLong.empty(), false, this::answer).run();
        assertThat(end).isEqualTo(new BatchEnd.Whole(new Totals(2, 2, 6, 2, 0)));
        assertThat(ids(output())).containsExactly("a", "d");
        assertThat(Files.readAllLines(folder.resolve("out.failed.csv")).get(1))
                .startsWith("b,false,,row 3: temperature: must be a number from 0 to 2,");
        assertThat(Files.readAllLines(folder.resolve("out.failed.csv")).get(2))
                .startsWith("a,false,,row 4: an earlier row has the same id or idempotency key,");
    }

    @Test
    void a_row_is_asked_as_it_says() throws IOException, InterruptedException {
        Files.writeString(
                folder.resolve("in.jsonl"),
                """
                {"id":"m","messages":[{"role":"system","content":"be brief"},\
                {"role":"user","content":"hi"}],"temperature":0.5,"maxTokens":7,"tags":["a"],\
                "corr_id":"c1","notes":"n"}
                """);
        var models = new ConcurrentHashMap<String, Model>();
        RowAsker asker =
                (model, row) -> {
                    models.put(row.id(), row.over(model));
                    return answer(model, row);
                };
        var order =
                new BatchOrder(
                        folder.resolve("in.jsonl"),
                        folder.resolve("out.jsonl"),
                        saying(false),
                        pace(OptionalLong.empty()),
                        false);
        new Batch(order, new Batch.Means(MODELS, asker, InstantSource.system(), PATIENCE)).run();
        assertThat(models).containsOnlyKeys("m");
        var over = models.values().iterator().next().defaults();
        assertThat(over.before()).containsExactly(new Message(Message.Role.SYSTEM, "be brief"));
        assertThat(over.temperature()).hasValue(0.5);
        assertThat(over.maxTokens()).hasValue(7);
        assertThat(Files.readString(folder.resolve("out.jsonl")))
                .matches(
                        "\\{\"id\":\"m\",\"request\":\\{\"id\":\"m\",\"messages\":\\[\\{\"role\":"
                                + "\"system\",\"content\":\"be brief\"},\\{\"role\":\"user\","
                                + "\"content\":\"hi\"}],\"model\":\"echo\",\"temperature\":0.5,"
                                + "\"maxTokens\":7,\"metadata\":\\{\"tags\":\\[\"a\"],"
                                + "\"notes\":\"n\"},\"corr_id\":\"c1\"},\"response\":\"hi to you\","
                                + "\"error\":null,\"usage\":\\{\"promptTokens\":3,"
                                + "\"completionTokens\":1,\"totalTokens\":4},\"cost\":0,"
                                + "\"timestamp\":\"20.*Z\",\"success\":true,\"retryCount\":0}\n");
    }

    @Test
    void a_dry_run_calls_nobody_and_says_so() throws IOException, InterruptedException {
        Files.writeString(input(), "city,model\nBonn,gpt-4\n");
        var saying =
                new BatchOrder.Saying(
                        Optional.empty(),
                        Optional.of("How is {{city}}?"),
                        true,
                        false,
                        BatchOrder.Scope.ALL);
        var end = batch(saying, OptionalLong.empty(), false, this::answer).run();
        assertThat(end).isInstanceOf(BatchEnd.Whole.class);
        assertThat(asked).isEmpty();
        assertThat(Files.readString(output()))
                .contains("task-1,true,\"echo, no model was called: How is Bonn?\"")
                .contains("How is Bonn?,gpt-4,,");
    }

    @Test
    void places_that_cannot_be_written_are_told_at_once() throws IOException, InterruptedException {
        rows(1);
        for (var name : List.of("no/out.csv", "out.txt", "in.csv")) {
            var order =
                    new BatchOrder(
                            input(),
                            folder.resolve(name),
                            saying(false),
                            pace(OptionalLong.empty()),
                            false);
            var means = new Batch.Means(MODELS, this::answer, InstantSource.system(), PATIENCE);
            assertThat(new Batch(order, means).run()).isInstanceOf(BatchEnd.Refused.class);
        }
        assertThat(asked).isEmpty();
    }
}
